#include "harnesses/differential/rules/judge.h"

#include <algorithm>

namespace tocsin::rules {
namespace {

using differential::Alerts;
using differential::End;
using differential::names_of;

bool ends(const Fault& fault) {
  const Level level = row_of(fault.rule).level;
  return level == Level::must_end || level == Level::may_end;
}

// A datagram may come at any time.
bool stands_at(const Fault& fault, const Progress& progress) {
  const Level level = row_of(fault.rule).level;
  const bool is_in_datagram = level == Level::must_discard || level == Level::may_discard;
  return is_in_datagram || fault.at == progress || fault.until == progress;
}

Progress progress_of(const differential::Verdict& verdict) { return {verdict.retried, verdict.answered}; }

// What a stack does with all that was read, if nothing is wrong with it.
bool is_as_far(const Reading& reading, const differential::Verdict& verdict) {
  if (verdict.end == End::rejected || verdict.end == End::told || verdict.end == End::harmed) return false;
  if (reading.reached) return progress_of(verdict) == *reading.reached && verdict.end != End::complete;
  return progress_of(verdict) != Progress{} || verdict.end == End::complete;
}

// For all that came: one record is answered, and the others are discarded.
Due due_of(const Reading& reading) {
  Due due = reading.is_read_to_end ? Due::silence : Due::either;
  for (std::size_t record = 0; record < reading.records; ++record) due = std::min(due, due_of_record(reading, record));
  return due;
}

std::string words_of(Due due) {
  if (due == Due::answer) return "due was an answer, whatever breaks ";
  return due == Due::either ? "due was silence or an answer, by " : "due was silence, by ";
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

// Up to the rule that asks for it.
std::string outcome_due_for(const Fault& fault, const Reading& reading) {
  const Row& row = row_of(fault.rule);
  const std::string verb = is_binding(fault, reading) ? "must " : "may ";
  switch (row.level) {
    case Level::must_refuse:
    case Level::may_refuse:
      return verb + "be refused with " + names_of(row.alerts);
    case Level::must_end:
    case Level::may_end:
      return verb + "end the connection";
    case Level::must_ignore:
      return "must be ignored";
    case Level::must_discard:
      return "record " + std::to_string(fault.record) + " must be discarded";
    case Level::may_discard:
      return "record " + std::to_string(fault.record) + " may be discarded";
  }
  __builtin_unreachable();
}

}  // namespace

bool must_be_refused(const Reading& reading) {
  return std::ranges::any_of(reading.faults, [&](const Fault& fault) { return is_binding(fault, reading); });
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
  if (verdict.end == End::told) return "takes an alert for the end";
  const bool is_further = progress_of(verdict) != Progress{} || verdict.end == End::complete;
  return is_further || is_as_far(reading, verdict) ? "goes on" : "waits for more";
}

std::optional<Deviation> judge(const Reading& reading, const differential::Verdict& verdict, std::string_view stack) {
  const bool refuses = verdict.end == End::rejected, is_told = verdict.end == End::told;
  const bool goes_on = !refuses && !is_told && (progress_of(verdict) != Progress{} || verdict.end == End::complete);
  std::vector<const Fault*> must, all;
  Alerts due_alerts, permitted;
  bool may_end = false;
  for (const Fault& fault : reading.faults) {
    const Row& row = row_of(fault.rule);
    if (row.level != Level::must_ignore) all.push_back(&fault);
    if (is_binding(fault, reading)) must.push_back(&fault);
    due_alerts.add(row.alerts);
    if (!stands_at(fault, progress_of(verdict))) continue;
    permitted.add(row.alerts);
    may_end = may_end || ends(fault);
  }
  if (refuses && verdict.alert && permitted.has(verdict.alert->description)) return std::nullopt;
  if (is_told && may_end) return std::nullopt;
  const Due due = due_of(reading);
  if (must.empty() && is_as_far(reading, verdict) && due != Due::silence) return std::nullopt;
  if (must.empty() && verdict.end == End::waiting && !goes_on && due != Due::answer) return std::nullopt;
  if (must.empty() && !reading.is_all_read && verdict.end != End::harmed && (!refuses || verdict.alert) &&
      (reading.reached ? progress_of(verdict) == *reading.reached && verdict.end != End::complete : goes_on))
    return std::nullopt;

  const auto deviation = [&](Tier tier, const std::string& what) -> std::optional<Deviation> {
    return Deviation{tier, std::string(stack) + " " + conduct_of(reading, verdict) + "; " + what};
  };
  if (verdict.end == End::harmed || (due != Due::answer && !refuses))
    return deviation(Tier::safety, words_of(due) + rules_of(all));
  const bool is_elsewhere = refuses && verdict.alert && due_alerts.has(verdict.alert->description);
  const std::string alerts = due_alerts.any() ? names_of(due_alerts) : "the end without an answer";
  const std::string due_words = due == Due::answer ? "due was " + alerts + (is_elsewhere ? ", but elsewhere" : "") + ", by " +
                                                         rules_of(must.empty() ? all : must)
                                                   : words_of(due) + rules_of(all);
  if (must.empty() && due == Due::answer && !refuses && !is_told)
    return deviation(Tier::stuck, "due was another answer, or none");
  if (!refuses && !is_told && !goes_on) return deviation(Tier::stuck, due_words);
  const bool is_answered = std::ranges::any_of(must, [](const Fault* fault) { return ends(*fault); });
  const bool is_silence_broken = due == Due::silence && !verdict.alert;
  if (is_silence_broken || (!must.empty() && (!refuses || !verdict.alert || is_answered)))
    return deviation(Tier::safety, due_words);
  if (all.empty()) return deviation(Tier::none, "no rule is broken");
  const bool is_one_rule = std::ranges::all_of(all, [&](const Fault* one) { return one->rule == all[0]->rule; });
  return deviation(is_one_rule ? Tier::single : Tier::several, due_words);
}

std::string describe(const Reading& reading) {
  std::string lines;
  for (const Fault& fault : reading.faults) {
    const Row& row = row_of(fault.rule);
    lines += outcome_due_for(fault, reading) + ": " + std::string(row.id) + " at " + fault.path + ", byte " +
             std::to_string(fault.offset) + " (" + std::string(row.clause) + "): " + std::string(row.sentence) + '\n';
  }
  return lines;
}

}  // namespace tocsin::rules
