#include "harnesses/differential/rules/rules.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "harnesses/differential/rules/fault.h"

namespace tocsin::rules {
namespace {

// Of an alert or of a discard; else the table is wrong.
void add_named(std::string_view word, Row& row) {
  bool is_known = false;
  for (unsigned code = 0; code < 256; ++code) {
    if (alert_name(static_cast<AlertDescription>(code)) != word) continue;
    row.alerts.add(static_cast<AlertDescription>(code));
    is_known = true;
  }
  for (std::size_t code = 0; code < number_of_discard_reasons; ++code) {
    if (name_of(static_cast<DiscardReason>(code)) != word) continue;
    row.discards.set(code);
    is_known = true;
  }
  if (!is_known) std::abort();
}

Row with_outcomes(std::string_view words, Row row) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    add_named(word, row);
  }
  return row;
}

const std::array<Row, rule_count>& rows() {
  static const std::array<Row, rule_count> all{{
#define X(id, target, versions, level, outcomes, clause, sentence) \
  with_outcomes(outcomes, {Rule::id, #id, #target, Versions::versions, Level::level, {}, {}, clause, sentence}),
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

std::span<const Row> all_rows() { return rows(); }

bool is_binding(const Fault& fault, const Reading& reading) {
  const Row& row = row_of(fault.rule);
  const bool is_due = row.level == Level::must_refuse || row.level == Level::must_end;
  return is_due && !fault.may_pass && is_of_chosen_version(row, reading);
}

}  // namespace tocsin::rules
