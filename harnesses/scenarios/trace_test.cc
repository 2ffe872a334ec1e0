#include "harnesses/trace/trace.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

// A line for each event, as their views do not outlive the call.
class Notebook final : public TraceSink {
 public:
  Notebook() { trace_sink = this; }
  ~Notebook() override { trace_sink = nullptr; }
  void on_event(const TraceEvent& event) override {
    std::visit([this](const auto& one) { lines.push_back(line(one)); }, event);
  }
  [[noreturn]] void on_finding(std::string_view what) override { throw std::string(what); }

  std::vector<std::string> lines;

 private:
  static std::string line(const InputEvent& given) {
    return "given " + std::to_string(given.options.size()) + " options, " + std::to_string(given.body.size());
  }
  static std::string line(const ChunkEvent& part) { return part.what; }
  static std::string line(const CallEvent& called) {
    return std::string(called.end) + " " + std::string(called.call) + " " + std::to_string(called.input.size());
  }
  static std::string line(const ReturnEvent& returned) { return std::string(returned.end) + " returned " + returned.failure; }
  static std::string line(const PayloadEvent& content) {
    return std::string(content.end) + " " + std::to_string(content.type) + (content.is_protected ? " protected" : " plaintext");
  }
  static std::string line(const NoteEvent& note) { return std::string(note.who) + " " + note.what; }
  static std::string line(const ComparisonEvent& compared) { return "compared " + compared.tocsin + " | " + compared.openssl; }
};

TEST(trace, has_the_calls_of_both_stacks_their_payloads_and_the_comparison) {
  const Bytes bytes = make_input({{Tag::seed, 7}}, bytes_of("GET / HTTP/1.1\r\n"));
  Notebook notebook;
  static_cast<void>(server_first_flight(Input(bytes)));
  EXPECT_EQ(
      notebook.lines,
      (std::vector<std::string>{
          "given 1 options, 16", "OpenSSL server make 0", "OpenSSL server returned ", "tocsin server receive 16",
          "tocsin server returned record_type_unknown: The record's content type is none that TLS defines. (alert sent: "
          "unexpected_message 10; RFC 9846 5)",
          "tocsin server 21 plaintext", "OpenSSL server receive 16", "OpenSSL server returned http request",
          "compared rejected, alert 10 unexpected_message (record_type_unknown: The record's content type is none that TLS "
          "defines. (alert sent: unexpected_message 10; RFC 9846 5)) | rejected, no alert (http request)"}));
}

TEST(trace, is_the_same_each_time) {
  const Bytes bytes = make_input({}, bytes_of("\x16\x03\x01"));
  std::vector<std::string> traces[2];
  for (auto& trace : traces) {
    Notebook notebook;
    static_cast<void>(client_first_flight(Input(bytes)));
    trace = notebook.lines;
  }
  EXPECT_EQ(traces[0], traces[1]);
  EXPECT_FALSE(traces[0].empty());
}

TEST(trace, changes_nothing_in_what_is_compared) {
  const Bytes bytes = make_input({}, bytes_of("\x15\x03\x03"));
  const differential::Comparison untraced = server_first_flight(Input(bytes));
  Notebook notebook;
  const differential::Comparison traced = server_first_flight(Input(bytes));
  EXPECT_EQ(traced.kind, untraced.kind);
  EXPECT_EQ(traced.text, untraced.text);
}

TEST(trace, a_finding_goes_to_the_sink) {
  Notebook notebook;
  EXPECT_THROW(finding("it"), std::string);
  EXPECT_THROW(check(Invariant::both_ends_agree, false, "they do not"), std::string);
}

TEST(stats, checks_are_counted_by_invariant) {
  const auto of_ends = static_cast<std::size_t>(Invariant::both_ends_agree);
  const Stats before = stats();
  check(Invariant::both_ends_agree, true, "");
  EXPECT_EQ(stats().checks[of_ends], before.checks[of_ends] + 1);
  EXPECT_EQ(stats().invariant_checks(), before.invariant_checks() + 1);
}

}  // namespace
}  // namespace tocsin::harness
