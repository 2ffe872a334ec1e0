// What the reader of datagrams leaves open, and that the judge sees each wrong conduct with a record.
#include "harnesses/differential/rules/dtls.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::rules {
namespace {

using test::from_hex;
using test::join;

Bytes record_of(std::uint8_t type, ByteView content, std::uint8_t sequence = 0) {
  Bytes bytes{type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, sequence, 0, static_cast<std::uint8_t>(content.size())};
  append(bytes, content);
  return bytes;
}

Bytes whole_message(std::uint8_t type, ByteView body, std::uint8_t message_seq = 0) {
  const auto size = static_cast<std::uint8_t>(body.size());
  Bytes bytes{type, 0, 0, size, 0, message_seq, 0, 0, 0, 0, 0, size};
  append(bytes, body);
  return bytes;
}

Bytes hello_body() {
  Bytes body = from_hex("fefd");
  body.resize(2 + 32);
  append(body, from_hex("00 00 0002 c02b 01 00"));
  return body;
}

const Bytes hello = record_of(22, whole_message(1, hello_body()), 7);
const Bytes alert = record_of(21, from_hex("0228"));

std::vector<Rule> rules_in(const Reading& reading) {
  std::vector<Rule> rules;
  for (const Fault& fault : reading.faults) rules.push_back(fault.rule);
  return rules;
}

TEST(dtls_rules, each_record_of_a_datagram_is_judged_by_itself) {
  const auto reading = read_datagram(join({alert, hello, alert}), 0);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->records, 3u);
  EXPECT_EQ(rules_in(*reading), (std::vector<Rule>{Rule::alert_before_hello, Rule::alert_before_hello}));
  EXPECT_EQ(reading->faults[1].record, 2u);
  EXPECT_EQ(reading->faults[1].offset, alert.size() + hello.size() + 13);
  EXPECT_EQ(due_of_record(*reading, 0), Due::silence);
  EXPECT_EQ(due_of_record(*reading, 1), Due::answer);
}

TEST(dtls_rules, behind_a_header_that_says_nothing_both_is_permitted) {
  const auto reading = read_datagram(join({record_of(99, from_hex("00")), hello}), 0);
  ASSERT_TRUE(reading);
  EXPECT_FALSE(reading->is_read_to_end);
  differential::Verdict silent, answering;
  answering.retried = true;
  EXPECT_FALSE(judge(*reading, silent, "it"));
  EXPECT_FALSE(judge(*reading, answering, "it"));
}

TEST(dtls_rules, nothing_is_said_of_a_hello_behind_another_message_in_a_record) {
  const Bytes both = join({whole_message(20, Bytes(12)), whole_message(1, hello_body())});
  EXPECT_FALSE(read_datagram(record_of(22, both), 0));
  EXPECT_TRUE(read_datagram(record_of(22, join({whole_message(20, Bytes(12)), whole_message(16, Bytes(3))})), 0));
}

TEST(dtls_rules, nothing_is_said_of_the_message_that_a_handshake_waits_for) {
  const auto amid = [](std::uint8_t type, std::uint8_t message_seq) {
    return read_datagram(record_of(22, whole_message(type, Bytes(33), message_seq)), 0, Situation::waits_for_key_exchange);
  };
  EXPECT_FALSE(amid(16, 2));
  EXPECT_EQ(rules_in(*amid(16, 1)), std::vector<Rule>{Rule::message_of_the_past});
  EXPECT_EQ(rules_in(*amid(16, 3)), std::vector<Rule>{Rule::message_ahead});
  EXPECT_EQ(rules_in(*amid(20, 2)), std::vector<Rule>{Rule::message_unexpected});
}

TEST(dtls_rules, a_listener_that_does_otherwise_with_a_record_is_seen) {
  const auto judged = [](const Bytes& datagram, std::vector<RecordConduct> records) {
    const auto deviation = judge_records(*read_datagram(datagram, 0), records, "it");
    return deviation ? deviation->text : "permitted";
  };
  const RecordConduct answers{std::nullopt, true}, not_for_alert{DiscardReason::listening_not_for_alert},
      truncated{DiscardReason::record_truncated};
  EXPECT_EQ(judged(join({alert, hello}), {not_for_alert, answers}), "permitted");
  EXPECT_EQ(judged(join({alert, hello}), {not_for_alert}), "it does not answer a sound ClientHello");
  EXPECT_EQ(judged(join({alert, hello}), {not_for_alert, truncated}), "it does not answer a sound ClientHello");
  EXPECT_EQ(judged(alert, {answers}), "it answers a record that is to be discarded, by alert_before_hello");
  EXPECT_EQ(judged(alert, {truncated}), "it calls a discard record_truncated; it breaks alert_before_hello");
  EXPECT_EQ(judged(alert, {not_for_alert, not_for_alert}), "it tells of more records than there are");
}

TEST(dtls_rules, an_answer_is_one_hello_verify_request_under_the_number_of_the_hello) {
  const auto fault = [](const Bytes& answer) { return fault_of_answer(answer, hello).value_or("none"); };
  const Bytes request = whole_message(3, from_hex("feff 02 aabb"));
  EXPECT_EQ(fault(record_of(22, request, 7)), "none");
  EXPECT_EQ(fault(record_of(22, request, 8)), "its record has not the number of the ClientHello's");
  EXPECT_EQ(fault(record_of(22, whole_message(3, from_hex("feff 03 aabb")), 7)), "it is malformed");
  EXPECT_EQ(fault(record_of(22, whole_message(2, from_hex("feff 02 aabb")), 7)), "it is not one HelloVerifyRequest");
  EXPECT_EQ(fault(join({record_of(22, request, 7), alert})), "it is not one record");
  EXPECT_EQ(fault(join({record_of(22, Bytes(100), 7)})), "it is longer than what it answers");
}

}  // namespace
}  // namespace tocsin::rules
