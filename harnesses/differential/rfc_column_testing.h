#pragma once
// What the RFCs ask a server to do with a first flight, and whether a stack does it.
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/differential/rulings.h"
#include "harnesses/differential/verdict.h"

namespace tocsin::differential {

/// A row of corpus/expected/<target>.tsv.
struct ExpectedOutcomes {
  std::string seed;
  std::vector<std::string>
      outcomes;        // each an alert's number, accept, retry, told (a received alert ended it), error (any alert)
  std::string rfc;     // section, or - where no RFC says it
  std::string ruling;  // id of the ruling under which tocsin deviates, or empty
};

/// The table without its head line. Rows without four columns and an outcome are left out: count them.
std::vector<ExpectedOutcomes> read_expected(std::string_view tsv);

/// Of a server, as in ExpectedOutcomes; or waits, or silent (it failed without an alert).
std::string outcome_of(const Verdict& verdict);

/// Whether the RFC column allows it.
bool is_expected(const ExpectedOutcomes& row, std::string_view outcome);

/// Why this may not be tocsin's outcome for this row; empty if it may.
std::string problem_with(const ExpectedOutcomes& row, std::string_view outcome);

}  // namespace tocsin::differential
