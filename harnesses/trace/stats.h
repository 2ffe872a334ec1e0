#pragma once
// What a run has checked: a target that checks nothing finds nothing, and these numbers show it.
#include <array>
#include <bitset>
#include <cstdint>
#include <numeric>

#include "core/base/invariants.h"
#include "tocsin/error.h"

namespace tocsin::harness {

struct Stats {
  std::array<std::uint64_t, number_of_invariants> checks{};  // of each invariant
  std::uint64_t other_checks = 0;
  std::uint64_t oracle_comparisons = 0;
  std::uint64_t known_divergences = 0;    // in the ledger
  std::uint64_t unknown_divergences = 0;  // findings
  std::bitset<256> reasons;               // for which a connection failed or a decoder refused, by number

  std::uint64_t invariant_checks() const { return std::accumulate(checks.begin(), checks.end(), other_checks); }
};

/// The counters of this process. They are printed when it exits.
Stats& stats();

/// Notes for what Reason something was refused, if there is one.
void note_refusal(const Error& error);

/// One line to standard error: "tocsin-stats: invariant_checks=N oracle_comparisons=N known_divergences=N
/// unknown_divergences=N".
void print_stats();

}  // namespace tocsin::harness
