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
  const auto holds = [&](const KnownDeviation& row) {
    const auto breaks_it = [&](const Fault& fault) { return fault.rule == row.rule; };
    return row.stack == stack && row.conduct == conduct && std::ranges::any_of(reading.faults, breaks_it);
  };
  const auto all = known_deviations();
  const auto found = std::ranges::find_if(all, holds);
  return found == all.end() ? nullptr : &*found;
}

bool was_seen(std::string_view stack, std::string_view version) {
  return std::ranges::any_of(known_deviations(), [&](const KnownDeviation& row) {
    return row.stack == stack && (row.first_version == version || row.last_version == version);
  });
}

}  // namespace tocsin::rules
