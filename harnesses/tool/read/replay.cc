#include "harnesses/tool/read/replay.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "harnesses/scenarios/scenarios.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/read/input_bytes.h"
#include "harnesses/tool/read/trace_reader.h"
#include "harnesses/trace/stats.h"

extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace tocsin::tool {
namespace {

const harness::Scenario& scenario_named(const std::string& name) {
  for (const harness::Scenario& scenario : harness::all_scenarios)
    if (scenario.name == name) return scenario;
  std::string names;
  for (const std::string& known : target_names()) names += (names.empty() ? "" : ", ") + known;
  throw UsageError("no fuzz target is named '" + name + "'; there are " + names);
}

Json checks_done() {
  const harness::Stats& stats = harness::stats();
  Json invariants = Json::object();
  for (std::size_t i = 0; i < stats.checks.size(); ++i)
    if (stats.checks[i] != 0) invariants[std::string(name_of(static_cast<Invariant>(i)))] = stats.checks[i];
  return {{"invariants", std::move(invariants)},
          {"others", stats.other_checks},
          {"oracle_comparisons", stats.oracle_comparisons},
          {"known_divergences", stats.known_divergences},
          {"unknown_divergences", stats.unknown_divergences}};
}

std::string text_of_checks(const Json& checks) {
  std::string text = "checks:";
  for (const auto& [name, count] : checks["invariants"].items()) text += " " + name + " " + count.dump() + ",";
  text += " other checks " + checks["others"].dump() + ", oracle comparisons " + checks["oracle_comparisons"].dump();
  return text + ", known divergences " + checks["known_divergences"].dump() + "\n";
}

// Writes each step at once, so that the trace is there even if the run never returns.
class TracePrinter final : public harness::TraceSink {
 public:
  explicit TracePrinter(bool is_json) : is_json_(is_json) {}

  void begin(const ReplayOptions& options, std::size_t input_bytes) const {
    if (is_json_) {
      const Json head{{"target", options.target}, {"file", options.path}, {"bytes", input_bytes}};
      const std::string open = head.dump();
      std::cout << open.substr(0, open.size() - 1) << ",\"steps\":[";
    } else {
      std::cout << "target " << options.target << ", " << options.path << " of " << input_bytes << " bytes\n";
    }
    std::cout << std::flush;
  }

  void on_event(const harness::TraceEvent& event) override {
    const Json step = reader_.read(event);
    if (is_json_)
      std::cout << (std::exchange(has_steps_, true) ? ",\n" : "\n") << step.dump();
    else
      std::cout << text_.read(step);
    std::cout << std::flush;
  }

  // finding: empty if there is none.
  void end(std::string_view finding) {
    const Json checks = checks_done();
    if (is_json_) {
      const Json what = finding.empty() ? Json() : Json{{"what", finding}};
      std::cout << "\n],\"checks\":" << checks.dump() << ",\"finding\":" << what.dump() << "}\n";
    } else {
      std::cout << text_.end() << text_of_checks(checks) << (finding.empty() ? "no finding" : "FINDING: ") << finding << "\n";
    }
    std::cout << std::flush;
  }

  [[noreturn]] void on_finding(std::string_view what) override {
    end(what);
    std::_Exit(1);  // whatever the target holds is left as it is
  }

 private:
  const bool is_json_;
  bool has_steps_ = false;
  TraceReader reader_;
  TraceText text_;
};

// After a crash: completes the document. Only calls that a signal handler may make.
bool crash_is_json = false;

void say(std::string_view text) { static_cast<void>(!write(STDOUT_FILENO, text.data(), text.size())); }

void end_of_crash() {
  constexpr std::string_view what = "the target crashed: standard error, or a debugger, tells more";
  say(crash_is_json ? "\n],\"checks\":null,\"finding\":{\"what\":\"" : "FINDING: ");
  say(what);
  say(crash_is_json ? "\"}}\n" : "\n");
}

void on_signal(int number) {
  end_of_crash();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void watch_for_crashes(bool is_json) {
  crash_is_json = is_json;
  std::signal(SIGABRT, on_signal);
  if (__sanitizer_set_death_callback != nullptr)
    __sanitizer_set_death_callback(end_of_crash);
  else
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, on_signal);
}

}  // namespace

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const harness::Scenario& scenario : harness::all_scenarios) names.emplace_back(scenario.name);
  return names;
}

int replay(const ReplayOptions& options) {
  const harness::Scenario& scenario = scenario_named(options.target);
  const Bytes input = read_input(options.path);
  // A copy of exactly this size, so that a read past its end does not go unnoticed under a sanitizer.
  const auto exact = std::make_unique<std::uint8_t[]>(input.size());
  std::copy(input.begin(), input.end(), exact.get());

  TracePrinter printer(options.is_json);
  printer.begin(options, input.size());
  harness::trace_sink = &printer;
  watch_for_crashes(options.is_json);
  scenario.run({exact.get(), input.size()});
  printer.end({});
  std::_Exit(status_of_output());  // as after a finding; the counters are printed already
}

}  // namespace tocsin::tool
