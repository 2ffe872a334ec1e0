// The transition table, as the overloads of on() make it, against RFC 9846 Appendix A and RFC 5246 7.3 written out.
#include <gtest/gtest.h>

#include "core/handshake/machine/dispatch.h"

namespace tocsin::handshake {
namespace {

template <std::size_t... I>
std::vector<State> every_state(std::index_sequence<I...>) {
  std::vector<State> states;
  (states.emplace_back(std::in_place_index<I>), ...);
  return states;
}

std::vector<State> every_state() {
  std::vector<State> states = every_state(std::make_index_sequence<std::variant_size_v<State>>());
  for (State& state : states)
    if (auto* waiting = std::get_if<client::WaitServerHello>(&state)) waiting->offer.config = std::make_shared<ClientConfig>();
  return states;
}

std::vector<int> expected_types(const State& state) {
  std::vector<int> types;
  for (int type = 0; type < 256; ++type)
    if (expects(state, Transport::stream, static_cast<HandshakeType>(type))) types.push_back(type);
  return types;
}

TEST(TransitionTable, is_the_one_of_rfc_9846_appendix_a_and_rfc_5246_7_3) {
  const std::vector<std::vector<int>> table{
      {1},       // server START
      {},        // server RECVD_CH: waits for the application
      {1},       // server after HelloRetryRequest
      {11},      // server WAIT_CERT
      {15},      // server WAIT_CV
      {20},      // server WAIT_FINISHED
      {24},      // server CONNECTED
      {2},       // client WAIT_SH
      {2},       // client WAIT_SH after HelloRetryRequest
      {8},       // client WAIT_EE
      {11, 13},  // client WAIT_CERT_CR
      {11},      // client WAIT_CERT
      {15},      // client WAIT_CV
      {20},      // client WAIT_FINISHED
      {4, 24},   // client CONNECTED
      // TLS 1.2
      {11},      // server waits for Certificate
      {16},      // ... ClientKeyExchange
      {15},      // ... CertificateVerify
      {},        // ... change_cipher_spec
      {20},      // ... Finished
      {1},       // server connected: a ClientHello is refused with a warning
      {11},      // client waits for Certificate
      {12},      // ... ServerKeyExchange
      {13, 14},  // ... CertificateRequest or ServerHelloDone
      {14},      // ... ServerHelloDone
      {},        // ... change_cipher_spec
      {20},      // ... Finished
      {0},       // client connected: a HelloRequest is refused with a warning
      {4},       // client waits for the NewSessionTicket that was promised
      // a resumed handshake
      {},    // server waits for change_cipher_spec
      {20},  // ... Finished
      {4},   // client waits for the NewSessionTicket that was promised
      {},    // ... change_cipher_spec
      {20},  // ... Finished
  };
  const std::vector<State> states = every_state();
  ASSERT_EQ(states.size(), table.size());
  for (std::size_t i = 0; i < states.size(); ++i) EXPECT_EQ(expected_types(states[i]), table[i]) << "state " << i;
}

//= RFC 9846 4 //# which receives a handshake message in an unexpected order MUST abort the handshake with
//= RFC 9846 4.2.2 //# and receives a ClientHello at any other time, it MUST terminate the connection with an
//= RFC 9846 4.6 //# Servers MUST NOT send this message, and clients receiving it MUST terminate the
//= RFC 9846 4.7.2 //# A client that receives a post-handshake CertificateRequest message without having sent the "post_handshake_auth" extension MUST send an "unexpected_message" fatal alert.
//= RFC 9846 4.7.3 //# Implementations that receive a KeyUpdate message prior to receiving a Finished message MUST terminate the connection with an "unexpected_message" alert.
TEST(TransitionTable, every_other_message_is_unexpected_before_it_is_decoded) {
  const std::vector<State> states = every_state();
  for (std::size_t i = 0; i < states.size(); ++i)
    for (int type = 0; type < 256; ++type) {
      if (expects(states[i], Transport::stream, static_cast<HandshakeType>(type))) continue;
      const Bytes undecodable{static_cast<std::uint8_t>(type), 0, 0, 1, 0xff};
      Effects effects;
      const auto next = dispatch(std::move(every_state()[i]), {.message = {undecodable}}, effects);
      ASSERT_FALSE(next) << "state " << i << ", message " << type;
      EXPECT_EQ(next.error().why, Reason::message_unexpected);
      EXPECT_TRUE(effects.in_order.empty());
    }
}

//= RFC 9846 5 //# and MUST simply drop it without further processing.
//= RFC 9846 5 //# it MUST be treated as an unexpected record type (though stateless servers may not be
TEST(TransitionTable, change_cipher_spec_is_tolerated_during_the_handshake_of_tls_1_3_only) {
  const std::vector<State> states = every_state();
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_EQ(tolerates_change_cipher_spec(states[i]), i != 0 && i != 6 && i < 14) << "state " << i;
}

TEST(TransitionTable, change_cipher_spec_is_expected_in_four_states_of_tls_1_2) {
  const std::vector<State> states = every_state();
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_EQ(expects_change_cipher_spec(states[i]), i == 18 || i == 25 || i == 29 || i == 32) << "state " << i;
}

}  // namespace
}  // namespace tocsin::handshake
