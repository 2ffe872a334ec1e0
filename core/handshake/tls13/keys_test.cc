// KeyUpdates of our own and of the peer (RFC 9846 4.7.3), as far as the wire does not show them.
#include "core/handshake/tls13/keys.h"

#include <gtest/gtest.h>

#include "core/crypto/testing.h"

namespace tocsin::handshake::tls13 {
namespace {

using enum KeyUpdateRequest;

constexpr std::uint64_t key_updates_max = (std::uint64_t{1} << 48) - 1;

class KeyUpdates : public ::testing::Test {
 protected:
  KeyUpdates() {
    const Secret secret(Bytes(32, 1));
    established.secrets = Secrets{secret, secret, secret};
    established.negotiated.cipher_suite = CipherSuite::aes_128_gcm_sha256;
  }
  Secrets& secrets() { return std::get<Secrets>(established.secrets); }
  /// The messages of a step, in hex.
  std::string update(KeyUpdateRequest request) {
    Effects effects;
    EXPECT_TRUE(update_write_keys(*test::openssl(), established, request, effects));
    return test::to_hex(effects.messages);
  }
  std::string receive(KeyUpdateRequest request) {
    Effects effects;
    EXPECT_TRUE(on_key_update(*test::openssl(), established, request, effects));
    return test::to_hex(effects.messages);
  }
  /// What goes before the next application data.
  std::string answer() {
    Effects effects;
    EXPECT_TRUE(answer_key_update(*test::openssl(), established, effects));
    return test::to_hex(effects.messages);
  }

  Established established;
};

//= RFC 9846 4.7.3 //# the sender MUST NOT send another KeyUpdate with request_update set to
TEST_F(KeyUpdates, a_peer_that_owes_an_answer_is_not_asked_again) {
  EXPECT_EQ(update(update_requested), "1800000101");
  EXPECT_EQ(update(update_requested), "1800000100");
  EXPECT_EQ(update(update_not_requested), "1800000100");
  EXPECT_EQ(update(update_requested), "1800000100");
  EXPECT_EQ(receive(update_not_requested), "");
  EXPECT_EQ(update(update_requested), "1800000101");
}

TEST_F(KeyUpdates, a_request_of_the_peer_is_answered_without_another) {
  EXPECT_EQ(update(update_requested), "1800000101");
  EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(answer(), "1800000100");
  EXPECT_EQ(answer(), "");
  EXPECT_EQ(secrets().key_updates_sent, 2u);
}

//= RFC 9846 4.7.3 //# then the receiver MUST send a KeyUpdate of its own with request_update set to
TEST_F(KeyUpdates, many_requests_of_the_peer_are_answered_with_one_of_ours_that_asks_for_none) {
  EXPECT_EQ(receive(update_not_requested), "");
  EXPECT_EQ(answer(), "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(receive(update_not_requested), "");
  EXPECT_EQ(answer(), "1800000100");
  EXPECT_EQ(answer(), "");
  EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(update(update_requested), "1800000101");
  EXPECT_EQ(answer(), "1800000100");
  EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(update(update_not_requested), "1800000100");
  EXPECT_EQ(answer(), "");
}

//= RFC 9846 4.7.3 //# sending implementations MUST NOT allow the epoch -- and hence the number of key updates
//= RFC 9846 4.7.3 //# it MUST NOT send its own KeyUpdate if that would cause it to exceed these limits and
TEST_F(KeyUpdates, there_are_2_to_the_48_less_1_and_then_a_request_is_ignored_and_ours_fails) {
  secrets().key_updates_sent = key_updates_max - 1;
  EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(answer(), "1800000100");
  const Bytes last = test::copy_of(secrets().write_traffic);
  EXPECT_EQ(receive(update_requested), "");
  EXPECT_EQ(answer(), "");
  EXPECT_EQ(test::copy_of(secrets().write_traffic), last);
  EXPECT_FALSE(may_update_write_keys(secrets()));
  Effects effects;
  EXPECT_EQ(test::refusal_of(update_write_keys(*test::openssl(), established, update_not_requested, effects)),
            Reason::record_sequence_exhausted);
}

TEST_F(KeyUpdates, those_of_the_peer_are_not_counted) {
  secrets().key_updates_sent = key_updates_max;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(receive(update_not_requested), "");
}

}  // namespace
}  // namespace tocsin::handshake::tls13
