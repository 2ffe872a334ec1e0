#include "harnesses/tool/read/explain.h"

#include <gtest/gtest.h>

#include "harnesses/scenarios/testing.h"
#include "harnesses/tool/read/json.h"

namespace tocsin::tool {
namespace {

constexpr std::string_view alert = "15 03 03 00 02 02 28";

Json json_of(ByteView content, ExplainOptions options = {}) {
  options.is_json = true;
  return Json::parse(explain(content, options));
}

TEST(explain, takes_hex_and_raw_bytes_for_what_they_are) {
  EXPECT_EQ(json_of(bytes_of(alert))["encoding"], "hex");
  const Bytes raw = from_hex(alert);
  EXPECT_EQ(json_of(raw)["encoding"], "raw");
  EXPECT_EQ(json_of(raw)["fields"], json_of(bytes_of(alert))["fields"]);
  EXPECT_EQ(json_of(bytes_of("1603"), {.encoding = Encoding::raw})["bytes"], 4);
}

TEST(explain, says_what_the_core_says_with_alert_and_clause) {
  const Json told = json_of(bytes_of(alert))["core"];
  EXPECT_EQ(told["verdict"], "is_told");
  EXPECT_EQ(told["error"]["alert"]["name"], "handshake_failure");
  const Json refused = json_of(bytes_of("16 03 03 00 00"))["core"];
  EXPECT_EQ(refused["verdict"], "refuses");
  EXPECT_EQ(refused["taken_bytes"], 5);
  EXPECT_EQ(refused["error"]["reason"], "record_empty");
  EXPECT_EQ(refused["error"]["alert"]["description"], 10);
  EXPECT_EQ(refused["error"]["clause"], "RFC 9846 5.4");
}

TEST(explain, marks_the_place_of_the_refusal_in_the_text) {
  const std::string text = explain(bytes_of("16 03 03 00 00 15 03 03 00 02 02 28"), {});
  const auto refusal = text.find(">>>>>> record_empty"), alert_line = text.find("TLSPlaintext: alert");
  ASSERT_NE(refusal, std::string::npos) << text;
  EXPECT_LT(refusal, alert_line) << text;
}

TEST(explain, guesses_the_sender_by_the_first_message_unless_told) {
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 02 00 00 00"))["sender"], "server");
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 01 00 00 00"))["sender"], "client");
  EXPECT_EQ(json_of(bytes_of("16 03 03 00 04 01 00 00 00"), {.sender = Sender::server})["sender"], "server");
}

TEST(explain, strips_the_options_of_a_corpus_input_and_shows_them) {
  const Bytes input = harness::make_input({{harness::Tag::seed, 7}}, from_hex(alert));
  const Json document = json_of(input, {.is_corpus_input = true});
  EXPECT_EQ(document["bytes"], 7);
  EXPECT_EQ(document["options"][0]["name"], "seed");
  EXPECT_EQ(document["options"][0]["value"], 7);
}

TEST(explain, reads_messages_without_records) {
  const Json document = json_of(bytes_of("18 00 00 01 02"), {.form = Form::messages});
  EXPECT_EQ(document["fields"][0]["value"], "KeyUpdate");
  EXPECT_EQ(document["faults"][0]["path"], "KeyUpdate.request_update");
  EXPECT_EQ(document["core"]["error"]["reason"], "key_update_request_invalid");
}

}  // namespace
}  // namespace tocsin::tool
