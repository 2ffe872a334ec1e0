#include "harnesses/trace/finding.h"

#include <cstdio>
#include <cstdlib>

#include "harnesses/trace/trace.h"

namespace tocsin::harness {

std::string signature_of(std::string_view what, const CallSite& site) {
  std::string signature;
  for (const char c : what.substr(0, what.find('\n'))) {
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit && !signature.ends_with('N')) signature += 'N';  // a number, of whatever length
    if (!is_digit && c != '\'' && c != '"' && c != '`') signature += c;
  }
  const std::string_view file = site.file;
  return signature.append(" [").append(file.substr(file.rfind('/') + 1)).append("]");
}

void finding(const std::string& what, std::string_view signature, CallSite site) {
  if (trace_sink != nullptr) trace_sink->on_finding(what);
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  std::fprintf(stderr, "%s:%d: Assertion '%s' failed.\n", site.file, site.line, signature_of(signature, site).c_str());
  print_stats();
  std::abort();
}

void finding(const std::string& what, CallSite site) { finding(what, what, site); }

void broken(Invariant invariant, std::string_view details, CallSite site) {
  const std::string what = std::string(name_of(invariant)) + ": " + std::string(details);
  finding(what + " (" + std::string(statement_of(invariant)) + ")", what, site);
}

}  // namespace tocsin::harness
