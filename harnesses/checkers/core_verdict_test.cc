#include "harnesses/checkers/core_verdict.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "harnesses/dissect/dissect.h"

namespace tocsin::dissect {
namespace {

using Conclusion = CoreVerdict::Conclusion;

// The flight in a file of the corpus, without the options before it (harnesses/scenarios/input.h): their number, then two bytes
// each. The unit tests run in the source tree.
Bytes flight_in(const std::string& name) {
  std::ifstream file("corpus/" + name, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) {
    ADD_FAILURE() << "there is no corpus/" << name;
    return {};
  }
  return Bytes(bytes.begin() + 1 + 2 * (bytes[0] & 31), bytes.end());
}

void expect_refusal(const CoreVerdict& verdict, Reason why, std::size_t taken_bytes) {
  ASSERT_EQ(verdict.conclusion, Conclusion::refuses);
  EXPECT_EQ(verdict.error->fatal()->why, why);
  EXPECT_EQ(verdict.taken_bytes, taken_bytes);
}

TEST(core_verdict, a_good_client_flight_goes_on) {
  const CoreVerdict verdict = core_verdict_on_client_flight(flight_in("server_first_flight/13-ok"));
  EXPECT_EQ(verdict.conclusion, Conclusion::goes_on);
  EXPECT_FALSE(verdict.error);
}

TEST(core_verdict, a_client_flight_is_refused_at_the_first_byte_that_decides) {
  const Bytes bad = flight_in("server_first_flight/13-sni-empty-name");
  expect_refusal(core_verdict_on_client_flight(bad), Reason::extension_malformed, bad.size());
  expect_refusal(core_verdict_on_client_flight(flight_in("server_first_flight/http-request")), Reason::record_type_unknown, 5);
}

TEST(core_verdict, half_a_client_hello_waits) {
  Bytes half = flight_in("server_first_flight/13-ok");
  half.resize(half.size() / 2);
  EXPECT_EQ(core_verdict_on_client_flight(half).conclusion, Conclusion::waits);
}

TEST(core_verdict, an_alert_is_told) {
  const CoreVerdict verdict = core_verdict_on_server_flight(flight_in("client_first_flight/alert-handshake-failure"));
  ASSERT_EQ(verdict.conclusion, Conclusion::is_told);
  EXPECT_EQ(verdict.error->peer_alert()->description, AlertDescription::handshake_failure);
}

TEST(core_verdict, a_server_hello_that_echoes_a_session_id_goes_on) {
  EXPECT_EQ(core_verdict_on_server_flight(flight_in("client_first_flight/accept")).conclusion, Conclusion::goes_on);
}

TEST(core_verdict, a_server_flight_is_refused_for_what_it_holds) {
  const Bytes bad = flight_in("client_first_flight/extension-unknown");
  expect_refusal(core_verdict_on_server_flight(bad), Reason::extension_unsolicited, bad.size());
}

TEST(core_verdict, messages_go_to_their_decoders) {
  const Bytes good{20, 0, 0, 1, 9}, bad{24, 0, 0, 1, 2};
  Bytes both = good;
  append(both, bad);
  expect_refusal(core_verdict_on_messages(dissect_messages(both).messages), Reason::key_update_request_invalid, both.size());
  EXPECT_EQ(core_verdict_on_messages(dissect_messages(good).messages).conclusion, Conclusion::waits);
}

}  // namespace
}  // namespace tocsin::dissect
