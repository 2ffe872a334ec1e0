#include "harnesses/tool/read/trace_reader.h"

#include <gtest/gtest.h>

#include "harnesses/differential/compare.h"
#include "harnesses/tool/read/input_bytes.h"

namespace tocsin::tool {
namespace {

using harness::CallEvent;
using harness::PayloadEvent;
using harness::ReturnEvent;

std::string text_of(const std::vector<harness::TraceEvent>& trace) {
  TraceReader reader;
  TraceText text;
  std::string lines;
  for (const harness::TraceEvent& event : trace) lines += text.read(reader.read(event));
  return lines + text.end();
}

TEST(trace_reader, names_records_and_messages_where_they_become_whole) {
  const Bytes record = from_hex("15 03 03 00 02 02 28");
  TraceReader reader;
  EXPECT_EQ(reader.read(CallEvent{"server", "receive", ByteView(record).first(6)})["records"], Json::array());
  EXPECT_EQ(reader.read(CallEvent{"server", "receive", ByteView(record).subspan(6)})["records"], Json({"alert, 7 bytes"}));

  const Bytes key_update = from_hex("18 00 00 01 00");
  const auto part = [&](std::size_t from, std::size_t size) {
    return PayloadEvent{"server", PayloadEvent::Direction::sent, 22, true, ByteView(key_update).subspan(from, size)};
  };
  EXPECT_EQ(reader.read(part(0, 3))["messages"], Json::array());
  EXPECT_EQ(reader.read(part(3, 2))["messages"], Json({"KeyUpdate"}));
}

TEST(trace_reader, gives_errors_alerts_and_events_their_names) {
  ReturnEvent returned{"server", false, {}, {}};
  returned.events = {Event::handshake_complete};
  returned.error = Error(Fatal{Reason::record_empty});
  returned.failure = "words";
  returned.alert_received = stacks::AlertSeen{2, 40, true};
  const Json step = TraceReader().read(returned);
  EXPECT_EQ(step["events"], Json({"handshake_complete"}));
  EXPECT_EQ(step["error"]["reason"], "record_empty");
  EXPECT_EQ(step["error"]["clause"], "RFC 9846 5.4");
  EXPECT_EQ(step["failure"], "words");
  EXPECT_EQ(step["alert_received"]["name"], "handshake_failure");
  EXPECT_FALSE(step.contains("alert_sent"));
}

TEST(trace_reader, quotes_the_ledgers_row) {
  differential::Comparison comparison;
  comparison.kind = differential::Comparison::Kind::known;
  comparison.divergences = {"group_preference"};
  const Json step = TraceReader().read(harness::ComparisonEvent{"rejected", "waits", &comparison});
  EXPECT_EQ(step["result"], "known");
  EXPECT_EQ(step["ledger"][0]["ruling"], "both_allowed");
  EXPECT_EQ(step["ledger"][0]["clause"], "RFC 9846 4.2.1");
}

TEST(trace_text, counts_calls_that_come_to_nothing) {
  const Bytes byte{0x16};
  const CallEvent called{"server", "receive", byte};
  const ReturnEvent nothing{"server", true, {}, {}};
  ReturnEvent something = nothing;
  something.failure = "words";
  EXPECT_EQ(text_of({called, nothing, called, nothing, called, nothing, called, something}),
            "server: receive, 1 byte\n"
            "    and 2 times more\n"
            "server: receive, 1 byte\n"
            "    error words\n");
  EXPECT_EQ(text_of({called, nothing, called, nothing}), "server: receive, 1 byte\n    and once more\n");
  EXPECT_EQ(text_of({called, nothing, harness::NoteEvent{"crypto", "fails"}, called, nothing}),
            "server: receive, 1 byte\ncrypto: fails\nserver: receive, 1 byte\n");
}

TEST(trace_text, shows_the_options_and_whose_content_it_is) {
  const Bytes alert{2, 40};
  EXPECT_EQ(text_of({harness::InputEvent{{{"seed", 7, "of all randomness"}}, alert},
                     PayloadEvent{"the body", PayloadEvent::Direction::sent, 21, true, alert}}),
            "option seed = 7  (of all randomness)\n"
            "body of 2 bytes\n"
            "the body:\n"
            "    wrote protected alert of 2 bytes: handshake_failure (40)\n");
}

}  // namespace
}  // namespace tocsin::tool
