#include "harnesses/differential/rules/rules.h"

#include <array>

#include "harnesses/differential/rules/fault.h"

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

bool is_of_chosen_version(const Row& row, const Reading& reading) {
  switch (row.versions) {
    case Versions::any:
      return true;
    case Versions::tls12:
      return reading.version == ProtocolVersion::tls12;
    case Versions::tls13:
      return reading.version == ProtocolVersion::tls13;
  }
  __builtin_unreachable();
}

}  // namespace

const Row& row_of(Rule rule) { return rows()[static_cast<std::size_t>(rule)]; }

bool is_binding(const Fault& fault, const Reading& reading) {
  const Row& row = row_of(fault.rule);
  const bool is_due = row.level == Level::must_refuse || row.level == Level::must_end;
  return is_due && !fault.may_pass && is_of_chosen_version(row, reading);
}

}  // namespace tocsin::rules
