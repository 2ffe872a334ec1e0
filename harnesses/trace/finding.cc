#include "harnesses/trace/finding.h"

#include <cstdio>
#include <cstdlib>

#include "harnesses/trace/trace.h"

namespace tocsin::harness {

void finding(const std::string& what) {
  if (trace_sink != nullptr) trace_sink->on_finding(what);
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  print_stats();
  std::abort();
}

void broken(Invariant invariant, std::string_view details) {
  finding(std::string(name_of(invariant)) + ": " + std::string(details) + " (" + std::string(statement_of(invariant)) + ")");
}

}  // namespace tocsin::harness
