#include "harnesses/scenarios/probe.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/pipe/message.h"

namespace tocsin::harness {
namespace {

using differential::End;
using rules::Rule;

constexpr std::string_view stream_targets[] = {"server_first_flight", "client_first_flight", "client_script", "server_script"};

// Whether the rule is broken by what the end is set up with, rather than by what it is sent.
bool depends_on_setup(Rule rule) {
  constexpr Rule all[] = {Rule::alpn_none_in_common,  Rule::version_none_in_common, Rule::suite_none_in_common,
                          Rule::group_none_in_common, Rule::scheme_none_in_common,  Rule::fallback_without_need};
  return std::ranges::find(all, rule) != std::end(all);
}

std::string folder_of(const rules::Row& row) { return std::string(row.target) + "/rule/" + std::string(row.id); }

Bytes seed_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CorpusMissing("there is no " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Prober {
 public:
  Prober(stacks::Stack& stack, const std::string& corpus) : stack_(stack), corpus_(corpus) {}

  ProbedRule probe(const rules::Row& row) {
    ProbedRule rule{row, Finding::not_applicable, {}, {}};
    const std::string folder = folder_of(row);
    if (!stack_.is_configurable() && depends_on_setup(row.rule)) {
      rule.why = "what the other end is set up with is not known";
      return rule;
    }
    try {
      rule.why = why_repaired_is_not_taken(row, folder + "/repaired");
    } catch (const stacks::Unsupported& lack) {
      rule.why = lack.what();
    }
    if (!rule.why.empty()) return rule;
    for (const std::string& seed : broken_seeds(folder)) rule.inputs.push_back(probe_broken(row, seed));
    for (const Probed& input : rule.inputs) {
      if (input.finding == Finding::deviates || rule.finding == Finding::not_applicable) rule.finding = input.finding;
      if (input.finding == Finding::not_applicable) rule.why = input.why;
    }
    if (rule.finding != Finding::not_applicable) rule.why.clear();
    return rule;
  }

 private:
  // `broken`, and the other forms that the rule can be broken in.
  std::vector<std::string> broken_seeds(const std::string& folder) const {
    std::vector<std::string> seeds;
    for (const auto& entry : std::filesystem::directory_iterator(corpus_ + "/" + folder))
      if (entry.path().filename() != "repaired") seeds.push_back(folder + "/" + entry.path().filename().string());
    std::ranges::sort(seeds);
    return seeds;
  }

  std::optional<Judged> play(std::string_view target, const Bytes& content, const std::string& seed) const {
    try {
      return judged_for(stack_, target, Input(content));
    } catch (const stacks::pipe::Broken& broken) {
      throw stacks::pipe::Broken(std::string(broken.what()) + " (" + seed + ")");
    }
  }

  // Many rules have the same repaired input.
  std::string why_repaired_is_not_taken(const rules::Row& row, const std::string& seed) {
    std::pair key(row.target, seed_of(corpus_ + "/" + seed));
    const auto known = repaired_.find(key);
    if (known != repaired_.end()) return known->second;
    std::string why = why_not_taken(row, key.second);
    return repaired_.emplace(std::move(key), std::move(why)).first->second;
  }

  std::string why_not_taken(const rules::Row& row, const Bytes& content) const {
    const auto judged = play(row.target, content, folder_of(row) + "/repaired");
    if (!judged || !judged->reading) return "what it is sent cannot be judged";
    if (rules::must_be_refused(*judged->reading))
      return "for what it offers the repaired input breaks " + rules::rules_of(*judged->reading, 0);
    if (judge(*judged->reading, judged->verdict, {})) {
      if (judged->is_alert_unreadable) return "it refuses the repaired input, with an alert that cannot be read";
      const std::string words = judged->words.empty() ? "" : " (" + judged->words + ")";
      return "it does not take the repaired input: it " + conduct_of(*judged->reading, judged->verdict) + words;
    }
    return {};
  }

  Probed probe_broken(const rules::Row& row, const std::string& seed) const {
    Probed probed{Finding::not_applicable, seed, {}, {}};
    const Bytes content = seed_of(corpus_ + "/" + seed);
    try {
      const auto judged = play(row.target, content, seed);
      const bool is_broken =
          judged && judged->reading && std::ranges::count(judged->reading->faults, row.rule, &rules::Fault::rule) > 0;
      if (!is_broken) {
        probed.why = "set up as this stack can be, the input does not break it";
        return probed;
      }
      probed.conduct = conduct_of(*judged->reading, judged->verdict);
      const auto deviation = judge(*judged->reading, judged->verdict, "it");
      if (deviation && judged->is_alert_unreadable) {
        probed.why = "its alert may be in a record that cannot be opened";
        return probed;
      }
      probed.finding = deviation ? Finding::deviates : Finding::as_permitted;
      if (deviation) probed.why = deviation->text;
    } catch (const stacks::Unsupported& lack) {
      probed.why = lack.what();
    }
    return probed;
  }

  stacks::Stack& stack_;
  const std::string& corpus_;
  std::map<std::pair<std::string_view, Bytes>, std::string> repaired_;  // why the stack does not take it
};

}  // namespace

std::string_view name_of(Finding finding) {
  switch (finding) {
    case Finding::as_permitted:
      return "as permitted";
    case Finding::deviates:
      return "deviates";
    case Finding::not_applicable:
      return "not applicable";
  }
  __builtin_unreachable();
}

void probe(stacks::Stack& stack, const std::string& corpus, const RuleFilter& takes,
           const std::function<void(const ProbedRule&)>& see) {
  Prober prober(stack, corpus);
  for (const rules::Row& row : rules::all_rows()) {
    for (const std::string_view target : stream_targets) {
      rules::Row there = row;
      there.target = target;
      const bool has_seeds = target == row.target || std::filesystem::exists(corpus + "/" + folder_of(there));
      if (has_seeds && takes(there)) see(prober.probe(there));
    }
  }
}

}  // namespace tocsin::harness
