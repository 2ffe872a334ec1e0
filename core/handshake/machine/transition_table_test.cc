// The transition table, as the overloads of on() make it, against RFC 9846 Appendix A, RFC 5246 7.3 and RFC 5077 3.3 written
// out.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/handshake/machine/dispatch.h"
#include "core/handshake/machine/table.h"

namespace tocsin::handshake {
namespace {

template <std::size_t... I>
std::vector<State> every_state(std::index_sequence<I...>) {
  std::vector<State> states;
  (states.emplace_back(std::in_place_index<I>), ...);
  return states;
}

client::WaitServerHello offering(std::vector<ProtocolVersion> versions) {
  ClientConfig config;
  config.versions = std::move(versions);
  client::WaitServerHello waiting;
  waiting.offer.config = std::make_shared<ClientConfig>(std::move(config));
  return waiting;
}

std::vector<State> every_state() {
  std::vector<State> states = every_state(std::make_index_sequence<std::variant_size_v<State>>());
  for (State& state : states)
    if (auto* waiting = std::get_if<client::WaitServerHello>(&state))
      *waiting = offering({ProtocolVersion::tls12, ProtocolVersion::tls13});
  return states;
}

std::set<std::string> names_where(auto&& holds) {
  std::set<std::string> names;
  for (const State& state : every_state())
    if (holds(state)) names.emplace(traits_of(state).name);
  return names;
}

std::set<std::string> written_out(const Row& row) {
  std::set<std::string> lines;
  for (const Traits* next : row.next)
    lines.insert(std::string(row.from->name).append(": ").append(row.message).append(" -> ").append(next->name));
  return lines;
}

TEST(TransitionTable, is_the_one_of_rfc_9846_appendix_a_and_rfc_5246_7_3) {
  const std::set<std::string> table{
      "server START: ClientHello -> server RECVD_CH",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.3 server START after HelloRetryRequest",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.3 server WAIT_CERT",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.3 server WAIT_FINISHED",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.2 server WAIT_CERT",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.2 server WAIT_CKE",
      "server RECVD_CH: (a configuration is chosen) -> TLS 1.2 server WAIT_CCS, resumed",
      "TLS 1.3 server START after HelloRetryRequest: ClientHello -> TLS 1.3 server WAIT_CERT",
      "TLS 1.3 server START after HelloRetryRequest: ClientHello -> TLS 1.3 server WAIT_FINISHED",
      "TLS 1.3 server WAIT_CERT: Certificate -> TLS 1.3 server WAIT_CV",
      "TLS 1.3 server WAIT_CERT: Certificate -> TLS 1.3 server WAIT_FINISHED",  // an empty one
      "TLS 1.3 server WAIT_CV: CertificateVerify -> TLS 1.3 server WAIT_FINISHED",
      "TLS 1.3 server WAIT_FINISHED: Finished -> TLS 1.3 server CONNECTED",
      "TLS 1.3 server CONNECTED: KeyUpdate -> TLS 1.3 server CONNECTED",

      "client WAIT_SH: HelloVerifyRequest -> client WAIT_SH",
      "client WAIT_SH: HelloRetryRequest -> TLS 1.3 client WAIT_SH after HelloRetryRequest",
      "client WAIT_SH: ServerHello -> TLS 1.3 client WAIT_EE",
      "client WAIT_SH: ServerHello -> TLS 1.2 client WAIT_CERT",
      "client WAIT_SH: ServerHello -> TLS 1.2 client WAIT_NST, resumed",
      "client WAIT_SH: ServerHello -> TLS 1.2 client WAIT_CCS, resumed",
      "TLS 1.3 client WAIT_SH after HelloRetryRequest: ServerHello -> TLS 1.3 client WAIT_EE",
      "TLS 1.3 client WAIT_EE: EncryptedExtensions -> TLS 1.3 client WAIT_CERT_CR",
      "TLS 1.3 client WAIT_CERT_CR: CertificateRequest -> TLS 1.3 client WAIT_CERT",
      "TLS 1.3 client WAIT_CERT_CR: Certificate -> TLS 1.3 client WAIT_CV",
      "TLS 1.3 client WAIT_CERT: Certificate -> TLS 1.3 client WAIT_CV",
      "TLS 1.3 client WAIT_CV: CertificateVerify -> TLS 1.3 client WAIT_FINISHED",
      "TLS 1.3 client WAIT_FINISHED: Finished -> TLS 1.3 client CONNECTED",
      "TLS 1.3 client CONNECTED: NewSessionTicket -> TLS 1.3 client CONNECTED",
      "TLS 1.3 client CONNECTED: KeyUpdate -> TLS 1.3 client CONNECTED",

      "TLS 1.2 server WAIT_CERT: Certificate -> TLS 1.2 server WAIT_CKE",
      "TLS 1.2 server WAIT_CKE: ClientKeyExchange -> TLS 1.2 server WAIT_CV",
      "TLS 1.2 server WAIT_CKE: ClientKeyExchange -> TLS 1.2 server WAIT_CCS",
      "TLS 1.2 server WAIT_CV: CertificateVerify -> TLS 1.2 server WAIT_CCS",
      "TLS 1.2 server WAIT_CCS: change_cipher_spec -> TLS 1.2 server WAIT_FINISHED",
      "TLS 1.2 server WAIT_FINISHED: Finished -> TLS 1.2 server CONNECTED",
      "TLS 1.2 server CONNECTED: ClientHello -> TLS 1.2 server CONNECTED",  // refused with a warning
      "TLS 1.2 server WAIT_CCS, resumed: change_cipher_spec -> TLS 1.2 server WAIT_FINISHED, resumed",
      "TLS 1.2 server WAIT_FINISHED, resumed: Finished -> TLS 1.2 server CONNECTED",

      "TLS 1.2 client WAIT_CERT: Certificate -> TLS 1.2 client WAIT_SKE",
      "TLS 1.2 client WAIT_SKE: ServerKeyExchange -> TLS 1.2 client WAIT_CR_SHD",
      "TLS 1.2 client WAIT_CR_SHD: CertificateRequest -> TLS 1.2 client WAIT_SHD",
      "TLS 1.2 client WAIT_CR_SHD: ServerHelloDone -> TLS 1.2 client WAIT_NST",
      "TLS 1.2 client WAIT_CR_SHD: ServerHelloDone -> TLS 1.2 client WAIT_CCS",
      "TLS 1.2 client WAIT_SHD: ServerHelloDone -> TLS 1.2 client WAIT_NST",
      "TLS 1.2 client WAIT_SHD: ServerHelloDone -> TLS 1.2 client WAIT_CCS",
      "TLS 1.2 client WAIT_NST: NewSessionTicket -> TLS 1.2 client WAIT_CCS",
      "TLS 1.2 client WAIT_CCS: change_cipher_spec -> TLS 1.2 client WAIT_FINISHED",
      "TLS 1.2 client WAIT_FINISHED: Finished -> TLS 1.2 client CONNECTED",
      "TLS 1.2 client CONNECTED: HelloRequest -> TLS 1.2 client CONNECTED",  // refused with a warning
      // RFC 5246 7.4.1.1: ignored.
      "client WAIT_SH: HelloRequest -> client WAIT_SH",
      "TLS 1.2 client WAIT_CERT: HelloRequest -> TLS 1.2 client WAIT_CERT",
      "TLS 1.2 client WAIT_SKE: HelloRequest -> TLS 1.2 client WAIT_SKE",
      "TLS 1.2 client WAIT_CR_SHD: HelloRequest -> TLS 1.2 client WAIT_CR_SHD",
      "TLS 1.2 client WAIT_SHD: HelloRequest -> TLS 1.2 client WAIT_SHD",
      "TLS 1.2 client WAIT_NST: HelloRequest -> TLS 1.2 client WAIT_NST",
      "TLS 1.2 client WAIT_CCS: HelloRequest -> TLS 1.2 client WAIT_CCS",
      "TLS 1.2 client WAIT_FINISHED: HelloRequest -> TLS 1.2 client WAIT_FINISHED",
      "TLS 1.2 client WAIT_NST, resumed: HelloRequest -> TLS 1.2 client WAIT_NST, resumed",
      "TLS 1.2 client WAIT_CCS, resumed: HelloRequest -> TLS 1.2 client WAIT_CCS, resumed",
      "TLS 1.2 client WAIT_FINISHED, resumed: HelloRequest -> TLS 1.2 client WAIT_FINISHED, resumed",
      "TLS 1.2 client WAIT_NST, resumed: NewSessionTicket -> TLS 1.2 client WAIT_CCS, resumed",
      "TLS 1.2 client WAIT_CCS, resumed: change_cipher_spec -> TLS 1.2 client WAIT_FINISHED, resumed",
      "TLS 1.2 client WAIT_FINISHED, resumed: Finished -> TLS 1.2 client CONNECTED",
  };
  std::set<std::string> ours;
  for (const Row& row : transition_table()) ours.merge(written_out(row));
  EXPECT_EQ(ours, table);
}

TEST(TransitionTable, every_state_has_a_name_of_its_own_and_takes_something) {
  const std::set<std::string> names = names_where([](const State&) { return true; });
  EXPECT_EQ(names.size(), std::variant_size_v<State>);
  std::set<std::string> takers;
  for (const Row& row : transition_table()) takers.emplace(row.from->name);
  EXPECT_EQ(takers, names);
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
      ASSERT_FALSE(next) << traits_of(states[i]).name << ", message " << type;
      EXPECT_EQ(next.error().why, Reason::message_unexpected);
      EXPECT_TRUE(effects.in_order.empty());
    }
}

// The type's byte finds the handlers that the table names, and no others.
TEST(TransitionTable, a_message_is_expected_by_its_type_where_the_table_has_it) {
  const std::vector<std::pair<std::string_view, HandshakeType>> types{
      {"HelloRequest", HandshakeType::hello_request},
      {"ClientHello", HandshakeType::client_hello},
      {"HelloVerifyRequest", HandshakeType::hello_verify_request},
      {"HelloRetryRequest", HandshakeType::server_hello},
      {"ServerHello", HandshakeType::server_hello},
      {"EncryptedExtensions", HandshakeType::encrypted_extensions},
      {"CertificateRequest", HandshakeType::certificate_request},
      {"Certificate", HandshakeType::certificate},
      {"CertificateVerify", HandshakeType::certificate_verify},
      {"ServerKeyExchange", HandshakeType::server_key_exchange},
      {"ServerHelloDone", HandshakeType::server_hello_done},
      {"ClientKeyExchange", HandshakeType::client_key_exchange},
      {"NewSessionTicket", HandshakeType::new_session_ticket},
      {"Finished", HandshakeType::finished},
      {"KeyUpdate", HandshakeType::key_update}};
  std::set<std::pair<std::string_view, int>> table;
  for (const Row& row : transition_table())
    for (const auto& [name, type] : types)
      if (row.message == name) table.emplace(row.from->name, static_cast<int>(type));
  std::set<std::pair<std::string_view, int>> ours;
  for (const State& state : every_state())
    for (int type = 0; type < 256; ++type)
      if (expects(state, Transport::datagram, static_cast<HandshakeType>(type))) ours.emplace(traits_of(state).name, type);
  EXPECT_EQ(ours, table);
}

TEST(TransitionTable, a_hello_request_is_unexpected_where_tls_1_3_may_be_chosen) {
  const auto is_expected = [](const State& state) { return expects(state, Transport::stream, HandshakeType::hello_request); };
  EXPECT_TRUE(is_expected(offering({ProtocolVersion::tls12})));
  EXPECT_FALSE(is_expected(offering({ProtocolVersion::tls12, ProtocolVersion::tls13})));
  EXPECT_FALSE(is_expected(State(std::in_place_type<tls13::client::WaitCertificate>)));
}

TEST(TransitionTable, a_hello_verify_request_is_unexpected_in_a_stream) {
  const State state = offering({ProtocolVersion::tls12});
  EXPECT_TRUE(expects(state, Transport::datagram, HandshakeType::hello_verify_request));
  EXPECT_FALSE(expects(state, Transport::stream, HandshakeType::hello_verify_request));
}

//= RFC 9846 5 //# and MUST simply drop it without further processing.
//= RFC 9846 5 //# it MUST be treated as an unexpected record type (though stateless servers may not be
TEST(TransitionTable, change_cipher_spec_is_tolerated_during_the_handshake_of_tls_1_3_only) {
  EXPECT_EQ(names_where(tolerates_change_cipher_spec),
            (std::set<std::string>{"server RECVD_CH", "TLS 1.3 server START after HelloRetryRequest",
                                   "TLS 1.3 server WAIT_CERT", "TLS 1.3 server WAIT_CV", "TLS 1.3 server WAIT_FINISHED",
                                   "client WAIT_SH", "TLS 1.3 client WAIT_SH after HelloRetryRequest", "TLS 1.3 client WAIT_EE",
                                   "TLS 1.3 client WAIT_CERT_CR", "TLS 1.3 client WAIT_CERT", "TLS 1.3 client WAIT_CV",
                                   "TLS 1.3 client WAIT_FINISHED"}));
}

TEST(TransitionTable, change_cipher_spec_is_expected_in_four_states_of_tls_1_2) {
  EXPECT_EQ(names_where(expects_change_cipher_spec),
            (std::set<std::string>{"TLS 1.2 server WAIT_CCS", "TLS 1.2 server WAIT_CCS, resumed", "TLS 1.2 client WAIT_CCS",
                                   "TLS 1.2 client WAIT_CCS, resumed"}));
}

TEST(TransitionTable, data_flows_in_the_connected_states_only) {
  EXPECT_EQ(names_where([](const State& state) { return established_of(const_cast<State&>(state)) != nullptr; }),
            (std::set<std::string>{"TLS 1.3 server CONNECTED", "TLS 1.3 client CONNECTED", "TLS 1.2 server CONNECTED",
                                   "TLS 1.2 client CONNECTED"}));
}

TEST(TransitionTable, levels_of_alerts_count_in_tls_1_2_and_while_a_client_offers_it) {
  const std::set<std::string> names = names_where(heeds_alert_levels);
  for (const State& state : every_state()) {
    const Traits& traits = traits_of(state);
    const bool offers_it = std::holds_alternative<client::WaitServerHello>(state);
    EXPECT_EQ(names.contains(std::string(traits.name)), offers_it || traits.version == ProtocolVersion::tls12) << traits.name;
  }
}

//= RFC 9846 6 //# MUST terminate the connection with a "decode_error" alert.
TEST(TransitionTable, the_longest_message_of_each_kind_is_known_for_its_version) {
  const auto in = [](const State& state, HandshakeType type, Transport transport = Transport::stream) {
    EXPECT_TRUE(expects(state, transport, type));
    return message_bytes_possible(state, transport, type);
  };
  using enum HandshakeType;
  EXPECT_EQ(in(State(std::in_place_type<server::WaitClientHello>), client_hello), 131396u);
  EXPECT_EQ(in(State(std::in_place_type<server::WaitClientHello>), client_hello, Transport::datagram), 131396u + 256);
  EXPECT_EQ(in(offering({}), server_hello), 65607u);
  EXPECT_EQ(in(offering({}), hello_verify_request, Transport::datagram), 258u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::client::WaitEncryptedExtensions>), encrypted_extensions), 65537u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::client::WaitCertificateOrRequest>), certificate_request), 65793u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::client::WaitServerHelloDone>), certificate_request), 131329u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::client::WaitCertificateVerify>), certificate_verify), 65539u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::server::WaitFinished>), finished), 48u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::server::WaitFinished>), finished), 12u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::client::Connected>), new_session_ticket), 131338u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::client::WaitNewSessionTicket>), new_session_ticket), 65541u);
  EXPECT_EQ(in(State(std::in_place_type<tls13::server::Connected>), key_update), 1u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::client::WaitServerKeyExchange>), server_key_exchange), 65798u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::server::WaitClientKeyExchange>), client_key_exchange), 256u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::client::WaitServerHelloDone>), server_hello_done), 0u);
  EXPECT_EQ(in(State(std::in_place_type<tls12::client::Connected>), hello_request), 0u);
  EXPECT_GE(in(State(std::in_place_type<tls13::client::WaitCertificate>), certificate), 0xffffffu);
}

TEST(TransitionTable, a_client_that_waits_for_a_server_hello_keeps_to_the_versions_that_it_offers) {
  const State old = offering({ProtocolVersion::tls12}), current = offering({ProtocolVersion::tls13});
  EXPECT_FALSE(tolerates_change_cipher_spec(old));
  EXPECT_TRUE(tolerates_change_cipher_spec(current));
  EXPECT_TRUE(heeds_alert_levels(old));
  EXPECT_FALSE(heeds_alert_levels(current));
}

TEST(TransitionTable, an_alert_in_the_clear_may_answer_a_server_s_flight_only) {
  EXPECT_EQ(names_where([](const State& state) { return traits_of(state).awaits_answer_to_flight; }),
            (std::set<std::string>{"TLS 1.3 server WAIT_CERT", "TLS 1.3 server WAIT_FINISHED"}));
}

}  // namespace
}  // namespace tocsin::handshake
