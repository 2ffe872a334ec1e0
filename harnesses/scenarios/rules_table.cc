// Prints corpus/expected/rules.tsv, what each stack does where one rule is broken, or compares it with that file. OpenSSL's
// column is compared only if it was written with the same version.
// usage: rules_table [FILE]
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/openssl/context.h"

namespace tocsin::harness {
namespace {

std::string openssl_version() { return std::string(stacks::openssl_version()); }

std::string conduct(const Judged& judged) {
  return rules::conduct_of(*judged.reading, judged.verdict) + (judge(*judged.reading, judged.verdict, "") ? " (not permitted)" : "");
}

// Not where the stack cannot be set up so that the seed breaks it.
bool breaks(const Judged& judged, rules::Rule rule) {
  return judged.reading &&
         std::ranges::any_of(judged.reading->faults, [&](const rules::Fault& one) { return one.rule == rule; });
}

std::string table(bool with_openssl) {
  std::string text = "rule\ttocsin" + (with_openssl ? "\tOpenSSL " + openssl_version() : "") + "\n";
  for (const rules::Row& row : rules::all_rows()) {
    const Bytes seed = corpus_file(std::string(row.target) + "/rule/" + std::string(row.id) + "/broken");
    text += std::string(row.id) + "\t" + conduct(judged_for_tocsin(row.target, Input(seed)));
    if (with_openssl) {
      const auto judged = judged_for_openssl(row.target, Input(seed));
      text += "\t" + (judged && breaks(*judged, row.rule) ? conduct(*judged) : "");
    }
    text += "\n";
  }
  return text;
}

std::string without_third_column(std::istream& lines) {
  std::string text;
  for (std::string line; std::getline(lines, line);) text += line.substr(0, line.rfind('\t')) + "\n";
  return text;
}

}  // namespace
}  // namespace tocsin::harness

int main(int count, char** arguments) {
  using namespace tocsin::harness;
  if (count < 2) return std::fputs(table(true).c_str(), stdout) < 0;
  std::ifstream file(arguments[1]);
  std::stringstream there;
  there << file.rdbuf();
  const bool same_openssl = there.str().find("OpenSSL " + openssl_version() + "\n") != std::string::npos;
  if (!same_openssl)
    std::printf("%s is of another OpenSSL than %s, which is not looked at\n", arguments[1], openssl_version().c_str());
  if (same_openssl ? there.str() == table(true) : without_third_column(there) == table(false)) return 0;
  std::fprintf(stderr, "%s is out of date; run: %s > %s\n", arguments[1], arguments[0], arguments[1]);
  return 1;
}
