#pragma once
// tocsin report: a bug report about OpenSSL that its maintainers can use, made from a rule or a row of the ledger and its seed.
#include <string>

namespace tocsin::tool {

struct ReportOptions {
  std::string row;  // the id of a rule, or of a row of the ledger
  std::string corpus = "corpus";
};

/// Plays the seed to the OpenSSL that is linked, and writes the report to standard output as Markdown. The exit status: 0, or 1
/// if this OpenSSL does what is permitted. Throws UsageError for an unknown row and for a corpus without its seed.
int report(const ReportOptions& options);

}  // namespace tocsin::tool
