#include "tocsin/connection.h"

#include <gtest/gtest.h>

#include <set>

#include "core/connection/testing.h"
#include "tocsin/acceptor.h"

namespace tocsin {
namespace {

using testing::client_config;
using testing::ConnectionPair;
using testing::server_config;

//= RFC 9846 4.2.2 //# When a client first connects to a server, it is REQUIRED to send the ClientHello as its
//= RFC 9846 F.5 //# TLS implementations MUST provide a way for the application to determine if the
TEST(Connection, completes_a_handshake_and_carries_data_both_ways) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  EXPECT_EQ(pair.client().negotiated().cipher_suite, pair.server().negotiated().cipher_suite);
  EXPECT_EQ(pair.client().negotiated().group, NamedGroup::x25519);
  EXPECT_EQ(pair.server().negotiated().server_name, "localhost");
  const Bytes large(100000, 0x5a);
  ASSERT_TRUE(pair.client().send(large, pair.client_out));
  pair.pump();
  EXPECT_EQ(pair.server_out.application_data, large);
  ASSERT_TRUE(pair.server().send(bytes_of("answer"), pair.server_out));
  pair.pump();
  EXPECT_EQ(text_of(pair.client_out.application_data), "answer");
}

//= RFC 9846 4.2.1 //# the server MUST respond with a HelloRetryRequest (Section 4.2.4) message.
//= RFC 9846 4.2.2 //# In that case, the client MUST send the same ClientHello without modification, except as
//= RFC 9846 4.2.4 //# Otherwise, the client MUST process all extensions in the HelloRetryRequest and send a
//= RFC 9846 4.2.4 //# The server's extensions MUST contain "supported_versions".
//= RFC 9846 4.2.4 //# Servers MUST ensure that they negotiate the same cipher suite when receiving a
//= RFC 9846 4.3.8 //# Otherwise, when sending the new ClientHello, the client MUST replace the original
TEST(Connection, completes_with_a_hello_retry_request) {
  auto client = client_config();
  client.key_shares = 0;
  ConnectionPair pair(client, server_config());
  ASSERT_TRUE(pair.run_handshake());
  EXPECT_TRUE(pair.client().negotiated().retried);
  EXPECT_TRUE(pair.server().negotiated().retried);
}

/// Finds what it is told to find.
class FixedVerifier final : public CertificateVerifier {
 public:
  explicit FixedVerifier(Reason why) : why_(why) {}
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView>, std::string_view, UnixSeconds) const override {
    return Fatal{why_};
  }

 private:
  Reason why_;
};

TEST(Connection, whatever_a_verifier_finds_reaches_the_server_as_its_alert) {
  for (const Reason why : {Reason::certificate_malformed, Reason::certificate_key_unsupported,
                           Reason::certificate_signature_weak, Reason::certificate_expired, Reason::certificate_revoked,
                           Reason::certificate_issuer_unknown, Reason::certificate_name_mismatch}) {
    auto client = client_config();
    client.verifier = std::make_shared<FixedVerifier>(why);
    ConnectionPair pair(client, server_config());
    EXPECT_FALSE(pair.run_handshake());
    EXPECT_EQ(*pair.client().failure(), Error(Fatal{why}));
    EXPECT_EQ(*pair.server().failure(), Error(PeerAlert{alert_for(why)}));
  }
}

//= RFC 9846 7.5 //# Implementations MUST use the exporter_secret unless explicitly specified by the
TEST(Connection, both_ends_export_the_same_key) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  Bytes ours(40), theirs(40);
  ASSERT_TRUE(pair.client().export_keying_material("label", bytes_of("context"), ours, pair.client_out));
  ASSERT_TRUE(pair.server().export_keying_material("label", bytes_of("context"), theirs, pair.server_out));
  EXPECT_EQ(ours, theirs);
}

//= RFC 9846 6.1 //# Any data received after a closure alert has been received MUST be ignored.
//= RFC 9846 6.1 //# Each party MUST send a "close_notify" alert before closing its write side of the
TEST(Connection, close_notify_leaves_the_other_direction_open) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.client().close(pair.client_out));
  pair.pump();
  EXPECT_TRUE(pair.server().is_closed_by_peer());
  EXPECT_EQ(pair.client().send(bytes_of("x"), pair.client_out).error(), Error(Misuse::closed_for_writing));
  ASSERT_TRUE(pair.server().send(bytes_of("late"), pair.server_out));
  ASSERT_TRUE(pair.server().close(pair.server_out));
  pair.pump();
  EXPECT_EQ(text_of(pair.client_out.application_data), "late");
  EXPECT_TRUE(pair.client().is_closed_by_peer());
  EXPECT_TRUE(pair.client().receive_end_of_stream(pair.client_out));
}

//= RFC 9846 4.7.3 //# After sending a KeyUpdate message, the sender SHALL send all its traffic using the next
//= RFC 9846 4.7.3 //# Upon receiving a KeyUpdate, the receiver MUST update its receiving keys.
//= RFC 9846 4.7.3 //# then the receiver MUST send a KeyUpdate of its own with request_update set to
//= RFC 9846 4.7.3 //# Both sender and receiver MUST encrypt their KeyUpdate messages with the old keys.
//= RFC 9846 4.7.3 //# Additionally, both sides MUST enforce that a KeyUpdate with the old key is received
TEST(Connection, key_updates_in_both_directions_keep_the_data_flowing) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pair.client().update_keys(KeyUpdateRequest::update_requested, pair.client_out));
    pair.pump();
    ASSERT_TRUE(pair.server().send(bytes_of("a"), pair.server_out));
    ASSERT_TRUE(pair.client().send(bytes_of("b"), pair.client_out));
    pair.pump();
  }
  EXPECT_EQ(text_of(pair.client_out.application_data), "aaa");
  EXPECT_EQ(text_of(pair.server_out.application_data), "bbb");
}

TEST(Connection, an_update_that_asks_is_no_answer) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.client().update_keys(KeyUpdateRequest::update_requested, pair.client_out));
  pair.pump();
  ASSERT_TRUE(pair.server().update_keys(KeyUpdateRequest::update_requested, pair.server_out));
  ASSERT_TRUE(pair.server().send(bytes_of("x"), pair.server_out));
  EXPECT_EQ(pair.server_out.to_peer.size(), 2 * (5 + 5 + 1 + 16) + (5 + 1 + 1 + 16u));
  pair.pump();
  EXPECT_EQ(std::count(pair.client_out.events.begin(), pair.client_out.events.end(), Event::peer_updated_keys), 2);
  EXPECT_EQ(text_of(pair.client_out.application_data), "x");
}

//= RFC 9846 5.5 //# Implementations MUST either close the connection or do a key update as described in
TEST(Connection, a_sender_updates_its_keys_before_the_record_limit) {
  auto client = client_config();
  client.limits.records_per_key_max = 2;
  ConnectionPair pair(client, server_config());
  ASSERT_TRUE(pair.run_handshake());
  const Bytes large(10 * 16384, 7);
  ASSERT_TRUE(pair.client().send(large, pair.client_out));
  // Records as long as they may be, and a KeyUpdate before each third one.
  EXPECT_EQ(pair.client_out.to_peer.size(), large.size() + 10 * (5 + 1 + 16) + 4 * (5 + 5 + 1 + 16));
  pair.pump();
  EXPECT_EQ(pair.server_out.application_data, large);
  EXPECT_EQ(std::count(pair.server_out.events.begin(), pair.server_out.events.end(), Event::peer_updated_keys), 4);
}

TEST(Connection, record_size_limit_and_padding_shape_the_records) {
  auto client = client_config();
  client.record_size_limit = 64;
  auto server = server_config();
  server.record_size_limit = 16385;
  server.padding_block_bytes = 16;
  ConnectionPair pair(client, server);
  ASSERT_TRUE(pair.run_handshake());
  pair.server_out.to_peer.clear();
  ASSERT_TRUE(pair.server().send(Bytes(200, 1), pair.server_out));
  EXPECT_EQ(pair.server_out.to_peer.size(), 3 * (5 + 64 + 16) + 5 + 16 + 16u);  // 63 + 63 + 63 + 11 bytes
  pair.pump();
  EXPECT_EQ(pair.client_out.application_data, Bytes(200, 1));
}

TEST(Connection, a_client_keeps_to_the_server_s_record_size_limit) {
  auto client = client_config();
  client.record_size_limit = 16385;
  auto server = server_config();
  server.record_size_limit = 64;
  ConnectionPair pair(client, server);
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.client().send(Bytes(200, 1), pair.client_out));
  EXPECT_EQ(pair.client_out.to_peer.size(), 3 * (5 + 64 + 16) + 5 + 12 + 16u);
  pair.pump();
  EXPECT_EQ(pair.server_out.application_data, Bytes(200, 1));
}

TEST(Connection, both_ends_know_the_application_protocol_that_the_server_prefers) {
  auto client = client_config();
  client.application_protocols = {"h2", "http/1.1"};
  auto server = server_config();
  server.application_protocols = {"spdy", "http/1.1", "h2"};
  ConnectionPair pair(client, server);
  ASSERT_TRUE(pair.run_handshake());
  EXPECT_EQ(pair.client().negotiated().application_protocol, "http/1.1");
  EXPECT_EQ(pair.server().negotiated().application_protocol, "http/1.1");
}

TEST(Connection, no_two_hellos_have_the_same_random) {
  for (const ProtocolVersion version : {ProtocolVersion::tls12, ProtocolVersion::tls13}) {
    auto client = client_config();
    auto server = server_config();
    client.versions = server.versions = {version};
    std::set<Bytes> randoms;
    for (int again = 0; again < 2; ++again) {
      ConnectionPair pair(client, server);
      ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
      for (const Output* out : {&pair.client_out, &pair.server_out}) {
        const ByteView random = ByteView(out->to_peer).subspan(5 + 4 + 2, 24);  // the sentinels of RFC 9846 4.2.3 come behind
        randoms.emplace(random.begin(), random.end());
      }
    }
    EXPECT_EQ(randoms.size(), 4u);
  }
}

TEST(Connection, the_alert_of_a_failed_into_connection_is_in_the_output) {
  Output hello, out;
  auto client = client_config();
  client.cipher_suites = {CipherSuite::chacha20_poly1305_sha256};
  ASSERT_TRUE(Connection::client(std::make_shared<ClientConfig>(client), "localhost", testing::now, hello));
  auto server = server_config();
  server.cipher_suites = {CipherSuite::aes_128_gcm_sha256};
  Acceptor acceptor;
  auto accepted = acceptor.receive(hello.to_peer, out);
  ASSERT_TRUE(accepted && *accepted);
  EXPECT_EQ((*accepted)->offer().server_name, "localhost");
  const auto connection = std::move(**accepted).into_connection(std::make_shared<ServerConfig>(server), testing::now, out);
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error(), Error(Fatal{Reason::no_common_cipher_suite}));
  EXPECT_EQ(out.to_peer, (Bytes{21, 3, 3, 0, 2, 2, 40}));
}

TEST(Connection, a_wrong_name_is_refused_with_an_alert_that_the_server_reads) {
  ConnectionPair pair(client_config(), server_config(), "other.test");
  EXPECT_FALSE(pair.run_handshake());
  EXPECT_EQ(*pair.client().failure(), Error(Fatal{Reason::certificate_name_mismatch}));
  EXPECT_EQ(*pair.server().failure(), Error(PeerAlert{AlertDescription::bad_certificate}));
}

// RFC 9846 E.4: a change_cipher_spec goes immediately before the client's second flight, which here is an alert.
TEST(Connection, a_client_that_refuses_the_servers_flight_sends_change_cipher_spec_before_its_alert) {
  for (const auto compatibility : {true, false})
    for (const std::size_t key_shares : {std::size_t{0}, std::size_t{1}}) {
      ClientConfig client = client_config();
      client.middlebox_compatibility = compatibility;
      client.key_shares = key_shares;
      ConnectionPair pair(client, server_config(), "elsewhere.test");
      Bytes sent;
      for (std::size_t flights = 0; flights < 2 - key_shares; ++flights) {
        ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
        (void)pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out);
        append(sent, pair.client_out.to_peer);
      }
      ASSERT_EQ(*pair.client().failure(), Error(Fatal{Reason::certificate_name_mismatch}));
      const Bytes change_cipher_spec{20, 3, 3, 0, 1, 1};
      // After a HelloRetryRequest it has gone before the second ClientHello.
      ASSERT_GE(sent.size(), change_cipher_spec.size());
      EXPECT_EQ(std::equal(change_cipher_spec.begin(), change_cipher_spec.end(), sent.begin()), compatibility);
      const ByteView behind = ByteView(sent).subspan(compatibility ? change_cipher_spec.size() : 0);
      EXPECT_EQ(std::search(behind.begin(), behind.end(), change_cipher_spec.begin(), change_cipher_spec.end()), behind.end());
      pair.pump();
      EXPECT_EQ(*pair.server().failure(), Error(PeerAlert{AlertDescription::bad_certificate}));
    }
}

//= RFC 9846 2 //# Application Data MUST NOT be sent prior to sending the Finished message, except as
//= RFC 9846 5.1 //# Note that Application Data records MUST NOT be written to the wire unprotected (see
TEST(Connection, calls_before_completion_are_misuse_and_change_nothing) {
  ConnectionPair pair(client_config(), server_config());
  EXPECT_EQ(pair.client().send(bytes_of("x"), pair.client_out).error(), Error(Misuse::handshake_not_complete));
  EXPECT_TRUE(pair.run_handshake());
}

//= RFC 9846 6.1 //# the TLS implementation MUST receive a "close_notify" alert before indicating
//= RFC 5246 7.2.1 //# The client and the server must share knowledge that the connection is ending in order
//= RFC 5246 7.2.1 //# If the application protocol using TLS provides that any data may be carried over the
TEST(Connection, the_end_of_the_stream_without_close_notify_is_an_error) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  EXPECT_EQ(pair.client().receive_end_of_stream(pair.client_out).error(), Error(Fatal{Reason::transport_truncated}));
}

//= RFC 9846 5.4 //# Implementations MUST NOT send Handshake and Alert records that have a zero-length
TEST(Connection, an_alert_record_without_content_is_unexpected_and_one_without_an_alert_cannot_be_decoded) {
  for (const auto& [content, why] : {std::pair{Bytes{}, Reason::record_empty}, std::pair{Bytes{2}, Reason::alert_malformed},
                                     std::pair{Bytes{2, 40, 0}, Reason::alert_malformed}}) {
    ConnectionPair pair(client_config(), server_config());
    Bytes record{21, 3, 3, 0, static_cast<std::uint8_t>(content.size())};
    append(record, content);
    EXPECT_FALSE(pair.client().receive(record, testing::now, pair.client_out));
    EXPECT_EQ(*pair.client().failure(), Error(Fatal{why}));
  }
}

TEST(Connection, a_general_error_of_the_peer_is_told_by_its_name) {
  ConnectionPair pair(client_config(), server_config());
  EXPECT_FALSE(pair.client().receive(Bytes{21, 3, 3, 0, 2, 2, 117}, testing::now, pair.client_out));
  ASSERT_EQ(*pair.client().failure(), Error(PeerAlert{AlertDescription::general_error}));
  EXPECT_NE(pair.client().failure()->describe().find("general_error"), std::string::npos);
}

//= RFC 9846 6.1 //# This alert MUST be followed by a "close_notify".
TEST(Connection, close_in_the_handshake_ends_it) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.client().close(pair.client_out));
  EXPECT_EQ(pair.client().receive({}, testing::now, pair.client_out).error(), Error(Misuse::closed_by_caller));
  pair.pump();
  EXPECT_EQ(*pair.server().failure(), Error(PeerAlert{AlertDescription::close_notify}));
}

}  // namespace
}  // namespace tocsin
