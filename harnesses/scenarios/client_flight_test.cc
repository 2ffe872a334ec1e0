// How far a client's flight is read, and that a rule is one at its place alone.
#include "harnesses/differential/rules/client_flight.h"

#include <gtest/gtest.h>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using differential::End;
using rules::Progress;
using rules::Reading;
using rules::Rule;

// Of a hello that is answered with TLS 1.3, and of more behind it.
Reading read(ByteView more, std::size_t without_last_bytes = 0) {
  const Bytes seed = corpus_file("server_first_flight/accept");
  const ByteView hello = Input(seed).body();
  Bytes flight(hello.begin(), hello.end() - static_cast<std::ptrdiff_t>(without_last_bytes));
  append(flight, more);
  return rules::read_client_flight(flight, stacks::PeerConfig{});
}

bool is_permitted(const Reading& reading, const Progress& progress, End end, std::optional<AlertDescription> alert = {}) {
  differential::Verdict verdict;
  verdict.retried = progress.retried;
  verdict.answered = progress.answered;
  verdict.end = end;
  if (alert) verdict.alert = stacks::AlertSeen{2, static_cast<std::uint8_t>(*alert), true};
  return !judge(reading, verdict, "it");
}

constexpr Progress nothing{}, answered{.answered = true};

TEST(ClientFlight, of_a_record_that_is_cut_off_the_rest_is_awaited) {
  const Reading reading = read({}, 1);
  EXPECT_TRUE(reading.faults.empty());
  EXPECT_TRUE(is_permitted(reading, nothing, End::waiting));
  EXPECT_FALSE(is_permitted(reading, answered, End::waiting));
  EXPECT_FALSE(is_permitted(reading, nothing, End::rejected, AlertDescription::decode_error));
}

TEST(ClientFlight, a_header_may_be_refused_before_its_record_is_whole) {
  const Reading reading = read(Bytes{99, 3, 3, 0, 1});
  EXPECT_TRUE(is_permitted(reading, answered, End::rejected, AlertDescription::unexpected_message));
  EXPECT_TRUE(is_permitted(reading, answered, End::waiting));
  const Reading whole = read(Bytes{99, 3, 3, 0, 1, 0});
  EXPECT_TRUE(is_permitted(whole, answered, End::rejected, AlertDescription::unexpected_message));
  EXPECT_FALSE(is_permitted(whole, answered, End::waiting));
}

TEST(ClientFlight, what_is_broken_behind_a_hello_is_no_reason_to_refuse_the_hello) {
  const Reading reading = read(Bytes{22, 3, 3, 0, 4, 20, 0, 0, 0});
  ASSERT_EQ(reading.faults.size(), 1u);
  EXPECT_EQ(reading.faults[0].rule, Rule::record_unprotected);
  EXPECT_TRUE(is_permitted(reading, answered, End::rejected, AlertDescription::unexpected_message));
  EXPECT_FALSE(is_permitted(reading, nothing, End::rejected, AlertDescription::unexpected_message));
}

TEST(ClientFlight, what_stands_behind_the_end_is_not_read) {
  const Reading reading = read(Bytes{21, 3, 3, 0, 2, 2, 40, 99, 3, 3, 0, 1, 0});
  ASSERT_EQ(reading.faults.size(), 1u);
  EXPECT_EQ(reading.faults[0].rule, Rule::alert_unprotected);
  EXPECT_TRUE(is_permitted(reading, answered, End::told));
}

TEST(ClientFlight, what_is_protected_nobody_judges_but_silence) {
  const Reading reading = read(Bytes{23, 3, 3, 0, 1, 0});
  EXPECT_FALSE(reading.is_all_read);
  EXPECT_TRUE(is_permitted(reading, answered, End::rejected, AlertDescription::bad_record_mac));
  EXPECT_TRUE(is_permitted(reading, answered, End::waiting));
  EXPECT_FALSE(is_permitted(reading, answered, End::rejected));
}

}  // namespace
}  // namespace tocsin::harness
