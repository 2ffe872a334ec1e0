#pragma once
// What a run has checked: a target that checks nothing finds nothing, and these numbers show it.
#include <cstdint>

namespace tocsin::fuzz {

struct Stats {
  std::uint64_t invariant_checks = 0;
  std::uint64_t oracle_comparisons = 0;
  std::uint64_t known_divergences = 0;    // in the ledger
  std::uint64_t unknown_divergences = 0;  // findings
};

/// The counters of this process. They are printed when it exits.
Stats& stats();

/// One line to standard error: "tocsin-stats: invariant_checks=N oracle_comparisons=N known_divergences=N
/// unknown_divergences=N".
void print_stats();

}  // namespace tocsin::fuzz
