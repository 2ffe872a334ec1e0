#include "harnesses/differential/rules/deviations.h"

#include <algorithm>

namespace tocsin::rules {
namespace {

constexpr KnownDeviation rows[] = {
#define X(stack, first_version, last_version, rule, conduct, seed, sentence) \
  {#stack, first_version, last_version, Rule::rule, conduct, seed, sentence},
    TOCSIN_DEVIATIONS(X)
#undef X
};

}  // namespace

std::span<const KnownDeviation> known_deviations() { return rows; }

const KnownDeviation* known_deviation(std::string_view stack, const Reading& reading, std::string_view conduct) {
  const auto row_for = [&](const Fault& fault) -> const KnownDeviation* {
    for (const KnownDeviation& row : known_deviations())
      if (row.stack == stack && row.conduct == conduct && row.rule == fault.rule) return &row;
    return nullptr;
  };
  // A refusal is for one of the faults; whoever goes on has passed over all of them.
  const bool is_for_all = !conduct.starts_with("refuses");
  const KnownDeviation* found = nullptr;
  for (const Fault& fault : reading.faults) {
    const KnownDeviation* row = row_for(fault);
    if (found == nullptr) found = row;
    if (is_for_all && row == nullptr && is_binding(fault, reading)) return nullptr;
  }
  return found;
}

bool was_seen(std::string_view stack, std::string_view version) {
  return std::ranges::any_of(known_deviations(), [&](const KnownDeviation& row) {
    return row.stack == stack && (row.first_version == version || row.last_version == version);
  });
}

}  // namespace tocsin::rules
