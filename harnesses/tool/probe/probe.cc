#include "harnesses/tool/probe/probe.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "harnesses/checkers/linked_stacks.h"
#include "harnesses/scenarios/probe.h"
#include "harnesses/stacks/pipe/peer.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/child.h"
#include "harnesses/tool/read/json.h"

namespace tocsin::tool {
namespace {

using harness::Finding;
using harness::Probed;
using harness::ProbedRule;

std::string padded(std::string_view text, std::size_t width) {
  std::string line(text);
  line.append(line.size() < width ? width - line.size() : 1, ' ');
  return line;
}

std::string line_of(Finding finding, const rules::Row& row, const std::string& text) {
  return padded(harness::name_of(finding), 16) + padded(row.id, 40) + text + "\n";
}

// A line for each deviation, else one.
std::string lines_of(const ProbedRule& rule) {
  if (rule.inputs.empty() || rule.finding == Finding::not_applicable) return line_of(rule.finding, rule.row, rule.why);
  std::string lines;
  for (const Probed& input : rule.inputs)
    if (input.finding == Finding::deviates)
      lines +=
          line_of(input.finding, rule.row,
                  input.why + " (" + std::string(rule.row.clause) + ": " + std::string(rule.row.sentence) + ") " + input.seed);
  if (!lines.empty()) return lines;
  const auto shown = std::ranges::find(rule.inputs, Finding::as_permitted, &Probed::finding);
  return line_of(rule.finding, rule.row, shown->conduct);
}

Json json_of(const ProbedRule& rule) {
  Json inputs = Json::array();
  for (const Probed& input : rule.inputs)
    inputs.push_back(
        {{"seed", input.seed}, {"verdict", harness::name_of(input.finding)}, {"conduct", input.conduct}, {"why", input.why}});
  return {{"rule", rule.row.id},
          {"target", rule.row.target},
          {"clause", rule.row.clause},
          {"sentence", rule.row.sentence},
          {"permitted_alerts", differential::names_of(rule.row.alerts)},
          {"verdict", harness::name_of(rule.finding)},
          {"why", rule.why},
          {"inputs", std::move(inputs)}};
}

// Prints rules as they come, and keeps what the end of the report needs.
class Report {
 public:
  explicit Report(const stacks::Stack& stack) : stack_(stack) {}

  void add(const ProbedRule& rule) {
    std::cout << lines_of(rule) << std::flush;
    ++counts_.at(static_cast<std::size_t>(rule.finding));
    rules_.push_back(json_of(rule));
  }

  std::size_t count(Finding finding) const { return counts_.at(static_cast<std::size_t>(finding)); }

  std::string summary() const {
    const std::string version = stack_.version().empty() ? "" : " " + stack_.version();
    return stack_.name() + version + ": " + std::to_string(rules_.size()) +
           " rules: " + std::to_string(count(Finding::as_permitted)) + " as permitted, " +
           std::to_string(count(Finding::deviates)) + " deviate, " + std::to_string(count(Finding::not_applicable)) +
           " not applicable\n";
  }

  void write_json(const std::string& path) const {
    std::ofstream file(path);
    const Json document{{"stack", stack_.name()},
                        {"version", stack_.version()},
                        {"as_permitted", count(Finding::as_permitted)},
                        {"deviates", count(Finding::deviates)},
                        {"not_applicable", count(Finding::not_applicable)},
                        {"rules", rules_}};
    file << document.dump(1) << "\n" << std::flush;
    if (!file) throw UsageError("cannot write " + path + ": " + errno_text(errno));
  }

 private:
  const stacks::Stack& stack_;
  std::array<std::size_t, 3> counts_{};
  Json rules_ = Json::array();
};

int probe_stack(stacks::Stack& stack, const ProbeOptions& options) {
  for (const std::string& id : options.rules)
    if (std::ranges::none_of(rules::all_rows(), [&](const rules::Row& row) { return row.id == id; }))
      throw UsageError("no rule is named '" + id + "'; harnesses/differential/rules/RULES.md lists them");
  Report report(stack);
  const auto takes = [&](const rules::Row& row) {
    // A client that connects to us is not there, and past the first flight nothing of a live server's setup is known.
    const bool is_reachable = stack.is_configurable() || row.target == "server_first_flight";
    return is_reachable && (options.rules.empty() || std::ranges::count(options.rules, row.id) > 0);
  };
  try {
    harness::probe(stack, options.corpus, takes, [&](const ProbedRule& rule) { report.add(rule); });
  } catch (const harness::CorpusMissing& missing) {
    throw UsageError(missing.what());
  }
  std::cout << report.summary() << std::flush;
  if (!options.json_path.empty()) report.write_json(options.json_path);
  const int status = status_of_output();
  return status != 0 || report.count(Finding::deviates) > 0 ? 1 : 0;
}

int probe_shim(const ProbeOptions& options) {
  try {
    Child child(options.command, std::chrono::milliseconds(options.answer_timeout_ms));
    stacks::pipe::PipeStack stack(child);
    return probe_stack(stack, options);
  } catch (const stacks::pipe::Broken& broken) {
    throw UsageError(std::string("the shim does not keep to the protocol: ") + broken.what());
  }
}

}  // namespace

int probe(const ProbeOptions& options) {
  const auto given = {!options.command.empty(), !options.server.address.empty(), !options.stack.empty()};
  if (std::ranges::count(given, true) != 1) throw UsageError("one stack is needed: HOST:PORT, --pipe or --stack");
  if (!options.command.empty()) return probe_shim(options);
  if (!options.stack.empty()) {
    stacks::Stack* const stack = harness::linked_stack(options.stack);
    if (stack == nullptr) throw UsageError("this build is without " + options.stack);
    return probe_stack(*stack, options);
  }
  LiveServer server(options.server);
  return probe_stack(server, options);
}

}  // namespace tocsin::tool
