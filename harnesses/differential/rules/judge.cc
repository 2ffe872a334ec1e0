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

bool stands_at(const Fault& fault, const Progress& progress) { return fault.at == progress || fault.until == progress; }

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

}  // namespace

std::string conduct_of(const differential::Verdict& verdict) {
  if (verdict.end == End::rejected)
    return verdict.alert ? "refuses with " + std::string(alert_name(static_cast<AlertDescription>(verdict.alert->description)))
                         : "refuses without an alert";
  if (verdict.end == End::told) return "takes an alert for the end";
  return verdict.answered || verdict.retried || verdict.end == End::complete ? "goes on" : "waits for more";
}

std::optional<Deviation> judge(const Reading& reading, const differential::Verdict& verdict, std::string_view stack) {
  const Progress progress{verdict.retried, verdict.answered};
  const bool refuses = verdict.end == End::rejected, is_told = verdict.end == End::told;
  const bool goes_on = !refuses && !is_told && (progress != Progress{} || verdict.end == End::complete);
  std::vector<const Fault*> must, all;
  Alerts due, permitted;
  bool may_end = false;
  for (const Fault& fault : reading.faults) {
    const Row& row = row_of(fault.rule);
    if (row.level != Level::must_ignore) all.push_back(&fault);
    if (is_binding(fault, reading)) must.push_back(&fault);
    due.add(row.alerts);
    if (!stands_at(fault, progress)) continue;
    permitted.add(row.alerts);
    may_end = may_end || ends(fault);
  }
  if (refuses && verdict.alert && permitted.has(verdict.alert->description)) return std::nullopt;
  if (is_told && may_end) return std::nullopt;
  const bool is_as_far = reading.reached ? progress == *reading.reached && verdict.end != End::complete : goes_on;
  if (must.empty() && is_as_far && !refuses && !is_told) return std::nullopt;
  if (must.empty() && is_as_far && !reading.is_all_read && (!refuses || verdict.alert)) return std::nullopt;

  const auto deviation = [&](Tier tier, const std::string& what) -> std::optional<Deviation> {
    return Deviation{tier, std::string(stack) + " " + conduct_of(verdict) + "; " + what};
  };
  const bool is_elsewhere = refuses && verdict.alert && due.has(verdict.alert->description);
  const std::string due_words = "due was " + (due.any() ? names_of(due) : "the end without an answer") +
                                (is_elsewhere ? ", but elsewhere" : "") + ", by " + rules_of(must.empty() ? all : must);
  if (must.empty() && !refuses && !is_told) return deviation(Tier::stuck, "due was another answer, or none");
  if (!refuses && !is_told && !goes_on) return deviation(Tier::stuck, due_words);
  const bool is_answered = std::ranges::any_of(must, [](const Fault* fault) { return ends(*fault); });
  if (!must.empty() && (!refuses || !verdict.alert || is_answered)) return deviation(Tier::safety, due_words);
  if (all.empty()) return deviation(Tier::none, "no rule is broken");
  const bool is_one_rule = std::all_of(all.begin(), all.end(), [&](const Fault* one) { return one->rule == all[0]->rule; });
  return deviation(is_one_rule ? Tier::single : Tier::several, due_words);
}

std::string describe(const Reading& reading) {
  std::string lines;
  for (const Fault& fault : reading.faults) {
    const Row& row = row_of(fault.rule);
    const std::string verb = row.level == Level::must_ignore ? "be ignored"
                             : ends(fault)                   ? "end the connection"
                                                             : "be refused with " + names_of(row.alerts);
    const bool is_must = is_binding(fault, reading) || row.level == Level::must_ignore;
    lines += (is_must ? "must " : "may ") + verb + ": " + std::string(row.id) + " at " + fault.path + ", byte " +
             std::to_string(fault.offset) + " (" + std::string(row.clause) + "): " + std::string(row.sentence) + '\n';
  }
  return lines;
}

}  // namespace tocsin::rules
