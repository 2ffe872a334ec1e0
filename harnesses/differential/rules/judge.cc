#include "harnesses/differential/rules/judge.h"

#include <algorithm>

namespace tocsin::rules {
namespace {

using differential::Alerts;
using differential::End;
using differential::names_of;

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

bool must_be_refused(const Fault& fault, const Reading& reading) {
  const Row& row = row_of(fault.rule);
  return row.level == Level::must_refuse && !fault.may_pass && is_of_chosen_version(row, reading);
}

bool must_end(const Fault& fault) { return row_of(fault.rule).level == Level::must_end; }

bool goes_on(const Reading& reading, const differential::Verdict& verdict) {
  if (verdict.end == End::rejected || verdict.end == End::harmed) return false;
  switch (reading.progress) {
    case Progress::any_answer:
      return verdict.answered || verdict.retried || verdict.end == End::complete;
    case Progress::second_hello:
      return verdict.retried;
    case Progress::handshake_keys:
      return verdict.answered;
    case Progress::nothing:
      return verdict.end == End::waiting;
  }
  __builtin_unreachable();
}

// For all that came: one record is answered, and the others are discarded.
Due due_of(const Reading& reading) {
  Due due = reading.is_read_to_end ? Due::silence : Due::either;
  for (std::size_t record = 0; record < reading.records; ++record) due = std::min(due, due_of_record(reading, record));
  return due;
}

std::string words_of(Due due, const Alerts& permitted) {
  if (due == Due::answer) return "due was an answer, whatever breaks ";
  return "due was silence" + (permitted.any() ? " or " + names_of(permitted) : "") +
         (due == Due::either ? " or an answer" : "") + ", by ";
}

// Each rule once.
std::string rules_of(const std::vector<const Fault*>& faults) {
  std::vector<std::string_view> ids;
  for (const Fault* fault : faults) ids.push_back(row_of(fault->rule).id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::string words;
  for (const std::string_view id : ids) words += std::string(words.empty() ? "" : ", ") + std::string(id);
  return words;
}

std::string what_is_due(const Fault& fault, const Reading& reading) {
  const Row& row = row_of(fault.rule);
  switch (row.level) {
    case Level::must_refuse:
    case Level::may_refuse:
      return std::string(must_be_refused(fault, reading) ? "must" : "may") + " be refused with " + names_of(row.alerts);
    case Level::must_ignore:
      return "must be ignored";
    case Level::must_end:
      return "must end the connection, unanswered";
    case Level::must_discard:
      return "record " + std::to_string(fault.record) + " must be discarded";
    case Level::may_discard:
      return "record " + std::to_string(fault.record) + " may be discarded";
  }
  __builtin_unreachable();
}

}  // namespace

bool must_be_refused(const Reading& reading) {
  return std::any_of(reading.faults.begin(), reading.faults.end(),
                     [&](const Fault& fault) { return must_be_refused(fault, reading); });
}

Due due_of_record(const Reading& reading, std::size_t record) {
  Due due = Due::answer;
  for (const Fault& fault : reading.faults) {
    if (fault.record != record) continue;
    const Level level = row_of(fault.rule).level;
    if (level == Level::must_discard) due = Due::silence;
    if (level == Level::may_discard) due = std::max(due, Due::either);
  }
  return due;
}

std::string rules_of(const Reading& reading, std::size_t record) {
  std::vector<const Fault*> faults;
  for (const Fault& fault : reading.faults)
    if (fault.record == record) faults.push_back(&fault);
  return faults.empty() ? "no rule" : rules_of(faults);
}

std::string conduct_of(const Reading& reading, const differential::Verdict& verdict) {
  if (verdict.end == End::rejected)
    return verdict.alert ? "refuses with " + std::string(alert_name(static_cast<AlertDescription>(verdict.alert->description)))
                         : "refuses without an alert";
  if (verdict.end == End::harmed) return "shuts out honest clients";
  if (goes_on(reading, verdict)) return "goes on";
  return verdict.end == End::told ? "takes an alert for the end" : "waits for more";
}

std::optional<Deviation> judge(const Reading& reading, const differential::Verdict& verdict, std::string_view stack) {
  std::vector<const Fault*> must, all;
  Alerts permitted;
  for (const Fault& fault : reading.faults) {
    all.push_back(&fault);
    permitted.add(row_of(fault.rule).alerts);
    if (must_be_refused(fault, reading)) must.push_back(&fault);
  }
  const bool refuses = verdict.end == End::rejected;
  const bool is_going_on = goes_on(reading, verdict);
  const auto deviation = [&](Tier tier, const std::string& due) -> std::optional<Deviation> {
    return Deviation{tier, std::string(stack) + " " + conduct_of(reading, verdict) + "; " + due};
  };
  if (refuses && verdict.alert && permitted.has(verdict.alert->description)) return std::nullopt;
  if (const auto ending = std::ranges::find_if(reading.faults, must_end); ending != reading.faults.end()) {
    if (verdict.end == End::told) return std::nullopt;
    return deviation(Tier::safety, "due was the end without an answer, by " + std::string(row_of(ending->rule).id));
  }
  const Due due = due_of(reading);
  if (must.empty() && is_going_on && due != Due::silence) return std::nullopt;
  if (must.empty() && verdict.end == End::waiting && !is_going_on && due != Due::answer) return std::nullopt;
  if (verdict.end == End::harmed || (due != Due::answer && !refuses))
    return deviation(Tier::safety, words_of(due, permitted) + rules_of(all));
  const std::string due_alerts = due == Due::answer
                                     ? "due was " + names_of(permitted) + ", by " + rules_of(must.empty() ? all : must)
                                     : words_of(due, permitted) + rules_of(all);
  if (!refuses && !is_going_on) return deviation(Tier::stuck, must.empty() ? "due was an answer" : due_alerts);
  if ((!must.empty() || due == Due::silence) && (is_going_on || !verdict.alert)) return deviation(Tier::safety, due_alerts);
  if (all.empty()) return deviation(Tier::none, "no rule is broken");
  const bool is_one_rule = std::all_of(all.begin(), all.end(), [&](const Fault* one) { return one->rule == all[0]->rule; });
  return deviation(is_one_rule ? Tier::single : Tier::several, due_alerts);
}

std::string describe(const Reading& reading) {
  std::string lines;
  for (const Fault& fault : reading.faults) {
    const Row& row = row_of(fault.rule);
    lines += what_is_due(fault, reading) + ": " + std::string(row.id) + " at " + fault.path + ", byte " +
             std::to_string(fault.offset) + " (" + std::string(row.clause) + "): " + std::string(row.sentence) + '\n';
  }
  return lines;
}

}  // namespace tocsin::rules
