#include "harnesses/differential/rfc_column_testing.h"

#include <algorithm>

namespace tocsin::differential {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_alert(std::string_view outcome) {
  return !outcome.empty() && std::all_of(outcome.begin(), outcome.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const std::vector<RfcRuling>& rulings() {
  using enum RulingKind;
  static const std::vector<RfcRuling> rows{
#define X(id, outcome, kind, clause, sentence) {#id, outcome, kind, clause, sentence},
      TOCSIN_RULINGS(X)
#undef X
  };
  return rows;
}

std::vector<ExpectedOutcomes> read_expected(std::string_view tsv) {
  std::vector<ExpectedOutcomes> rows;
  const std::vector<std::string> lines = split(tsv, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = split(lines[i], '\t');
    if (cells.size() == 4 && !cells[1].empty()) rows.push_back({cells[0], split(cells[1], '|'), cells[2], cells[3]});
  }
  return rows;
}

std::string outcome_of(const Verdict& verdict) {
  if (verdict.alert) return std::to_string(verdict.alert->description);
  switch (verdict.end) {
    case End::rejected:
      return "silent";
    case End::told:
      return "told";
    case End::waiting:
    case End::complete:
    case End::harmed:
      break;
  }
  if (verdict.answered) return "accept";
  return verdict.retried ? "retry" : "waits";
}

bool is_expected(const ExpectedOutcomes& row, std::string_view outcome) {
  const auto allows = [&](std::string_view word) { return word == outcome || (word == "error" && is_alert(outcome)); };
  return std::any_of(row.outcomes.begin(), row.outcomes.end(), allows);
}

std::string problem_with(const ExpectedOutcomes& row, std::string_view outcome) {
  std::string wanted;
  for (const std::string& word : row.outcomes) wanted.append(wanted.empty() ? "" : " or ").append(word);
  const std::string deviation = row.seed + ": " + std::string(outcome) + " where RFC " + row.rfc + " wants " + wanted;
  const auto ruling = std::find_if(rulings().begin(), rulings().end(), [&](const RfcRuling& r) { return r.id == row.ruling; });
  if (!row.ruling.empty() && ruling == rulings().end()) return row.seed + ": there is no ruling " + row.ruling;
  if (is_expected(row, outcome)) return row.ruling.empty() ? "" : row.seed + ": does not need the ruling " + row.ruling;
  if (row.ruling.empty()) return deviation + ", without a ruling";
  return ruling->outcome == outcome ? "" : deviation + ", and ruling " + row.ruling + " allows " + std::string(ruling->outcome);
}

}  // namespace tocsin::differential
