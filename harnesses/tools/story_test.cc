#include "harnesses/tools/story.h"

#include <gtest/gtest.h>

#include "harnesses/differential/compare.h"
#include "harnesses/tools/input_bytes.h"

namespace tocsin::tools {
namespace {

using fuzz::Called;
using fuzz::Content;
using fuzz::Returned;

std::string text_of(const std::vector<fuzz::Told>& story) {
  StoryReader reader;
  StoryText text;
  std::string lines;
  for (const fuzz::Told& told : story) lines += text.read(reader.read(told));
  return lines + text.end();
}

TEST(story_reader, names_records_and_messages_where_they_become_whole) {
  const Bytes record = from_hex("15 03 03 00 02 02 28");
  StoryReader reader;
  EXPECT_EQ(reader.read(Called{"server", "receive", ByteView(record).first(6)})["records"], Json::array());
  EXPECT_EQ(reader.read(Called{"server", "receive", ByteView(record).subspan(6)})["records"], Json({"alert, 7 bytes"}));

  const Bytes key_update = from_hex("18 00 00 01 00");
  const auto part = [&](std::size_t from, std::size_t size) {
    return Content{"server", Content::Direction::sent, 22, true, ByteView(key_update).subspan(from, size)};
  };
  EXPECT_EQ(reader.read(part(0, 3))["messages"], Json::array());
  EXPECT_EQ(reader.read(part(3, 2))["messages"], Json({"KeyUpdate"}));
}

TEST(story_reader, gives_errors_alerts_and_events_their_names) {
  Returned returned{"server", false, {}, {}};
  returned.events = {Event::handshake_complete};
  returned.error = Error(Fatal{Reason::record_empty});
  returned.failure = "words";
  returned.alert_received = peers::AlertSeen{2, 40, true};
  const Json step = StoryReader().read(returned);
  EXPECT_EQ(step["events"], Json({"handshake_complete"}));
  EXPECT_EQ(step["error"]["reason"], "record_empty");
  EXPECT_EQ(step["error"]["clause"], "RFC 8446 5.1");
  EXPECT_EQ(step["failure"], "words");
  EXPECT_EQ(step["alert_received"]["name"], "handshake_failure");
  EXPECT_FALSE(step.contains("alert_sent"));
}

TEST(story_reader, quotes_the_ledgers_row) {
  differential::Comparison comparison;
  comparison.kind = differential::Comparison::Kind::known;
  comparison.divergences = {"empty_cookie"};
  const Json step = StoryReader().read(fuzz::Compared{"rejected", "waits", &comparison});
  EXPECT_EQ(step["result"], "known");
  EXPECT_EQ(step["ledger"][0]["ruling"], "peer_deviates");
  EXPECT_EQ(step["ledger"][0]["clause"], "RFC 8446 4.2.2");
}

TEST(story_text, counts_calls_that_come_to_nothing) {
  const Bytes byte{0x16};
  const Called called{"server", "receive", byte};
  const Returned nothing{"server", true, {}, {}};
  Returned something = nothing;
  something.failure = "words";
  EXPECT_EQ(text_of({called, nothing, called, nothing, called, nothing, called, something}),
            "server: receive, 1 byte\n"
            "    and 2 times more\n"
            "server: receive, 1 byte\n"
            "    error words\n");
  EXPECT_EQ(text_of({called, nothing, called, nothing}), "server: receive, 1 byte\n    and once more\n");
  EXPECT_EQ(text_of({called, nothing, fuzz::Note{"crypto", "fails"}, called, nothing}),
            "server: receive, 1 byte\ncrypto: fails\nserver: receive, 1 byte\n");
}

TEST(story_text, shows_the_options_and_whose_content_it_is) {
  const Bytes alert{2, 40};
  EXPECT_EQ(text_of({fuzz::Given{{{"seed", 7, "of all randomness"}}, alert},
                     Content{"the body", Content::Direction::sent, 21, true, alert}}),
            "option seed = 7  (of all randomness)\n"
            "body of 2 bytes\n"
            "the body:\n"
            "    wrote protected alert of 2 bytes: handshake_failure (40)\n");
}

}  // namespace
}  // namespace tocsin::tools
