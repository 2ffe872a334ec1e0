#include "harnesses/differential/rules/rules.h"

#include <array>

namespace tocsin::rules {
namespace {

// The descriptions that these words name.
differential::Alerts alerts_named(std::string_view words) {
  differential::Alerts alerts;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    for (unsigned code = 0; code < 256; ++code)
      if (alert_name(static_cast<AlertDescription>(code)) == word) alerts.add(static_cast<AlertDescription>(code));
  }
  return alerts;
}

const std::array<Row, rule_count>& rows() {
  static const std::array<Row, rule_count> all{{
#define X(id, target, versions, level, alerts, clause, sentence) \
  {Rule::id, #id, #target, Versions::versions, Level::level, alerts_named(alerts), clause, sentence},
      TOCSIN_RULES(X)
#undef X
  }};
  return all;
}

}  // namespace

const Row& row_of(Rule rule) { return rows()[static_cast<std::size_t>(rule)]; }

}  // namespace tocsin::rules
