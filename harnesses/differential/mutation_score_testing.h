#pragma once
// How much a ledger would excuse: where both stacks agree, one stack's verdict is replaced by every other one, which nobody
// should then excuse. A row that holds is too broad: it does not look at what it is about.
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "harnesses/differential/compare.h"
#include "harnesses/differential/ledger.h"

namespace tocsin::differential {

struct MutationScore {
  std::size_t cases = 0, mutants = 0, excused = 0;
  std::map<std::string_view, std::size_t> excused_by;  // row -> mutants; more than one row may hold for one

  /// A line, and the rows by how many mutants they excuse.
  std::string text() const;
};

/// What a mutant counts under that is taken for no difference at all.
inline constexpr std::string_view taken_for_equal = "(taken for equal)";

/// Judges all mutants of a case; of none if the stacks do not agree on it.
void add_mutants_of(const Case& agreed, std::span<const Divergence> rows, MutationScore& score);

}  // namespace tocsin::differential
