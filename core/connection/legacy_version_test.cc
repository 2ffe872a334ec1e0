// legacy_version in the hellos of TLS 1.3, whatever version it names (RFC 9846 4.2.2, 4.2.3, 4.3.1, E.5), and a version that
// changes behind a HelloRetryRequest (4.2.4). The hellos are those of real handshakes, changed on their way.
#include <gtest/gtest.h>

#include "core/connection/testing.h"
#include "tocsin/acceptor.h"

namespace tocsin {
namespace {

using testing::client_config;
using testing::ConnectionPair;
using testing::server_config;

constexpr std::size_t record_and_message_header_bytes = 5 + 4;
constexpr std::uint16_t foreign_versions[] = {0x0301, 0x0302, 0x0304, 0x7f1c};

/// Of the hello that begins with the record at the offset.
void set_legacy_version(Bytes& flight, std::uint16_t version, std::size_t record_offset_bytes = 0) {
  const std::size_t at = record_offset_bytes + record_and_message_header_bytes;
  ASSERT_GT(flight.size(), at + 1);
  flight[at] = static_cast<std::uint8_t>(version >> 8);
  flight[at + 1] = static_cast<std::uint8_t>(version);
}

ClientConfig without_shares() {
  ClientConfig config = client_config();
  config.key_shares = 0;
  return config;
}

/// One flight from the client to the server, one back.
void exchange_flights(ConnectionPair& pair) {
  (void)pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out);
  (void)pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out);
}

void expect_client_refuses(ConnectionPair& pair, Reason why) {
  EXPECT_FALSE(pair.run_handshake());
  ASSERT_NE(pair.client().failure(), nullptr);
  EXPECT_EQ(*pair.client().failure(), Error(Fatal{why}));
  ASSERT_NE(pair.server().failure(), nullptr);
  EXPECT_EQ(*pair.server().failure(), Error(PeerAlert{alert_for(why)}));
}

//= RFC 9846 4.2.2 //# which receives a legacy_version value not equal to 0x0303 MUST abort the handshake with
//= RFC 9846 E.5 //# Implementations receiving Hello messages with other version numbers MUST abort the handshake as described in Section 4.2.2 and Section 4.2.3.
TEST(LegacyVersion, server_refuses_a_hello_of_tls13_with_another_by_each_way_in) {
  for (const std::uint16_t version : foreign_versions) {
    Output hello, direct_out, out;
    ASSERT_TRUE(Connection::client(std::make_shared<ClientConfig>(client_config()), "localhost", testing::now, hello));
    set_legacy_version(hello.to_peer, version);
    Connection direct = std::move(*Connection::server(std::make_shared<ServerConfig>(server_config())));
    const Outcome refused = direct.receive(hello.to_peer, testing::now, direct_out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), Error(Fatal{Reason::legacy_version_wrong}));
    EXPECT_EQ(direct_out.to_peer, (Bytes{21, 3, 3, 0, 2, 2, 70})) << version;

    Acceptor acceptor;
    auto accepted = acceptor.receive(hello.to_peer, out);
    ASSERT_TRUE(accepted && *accepted);
    const auto connection =
        std::move(**accepted).into_connection(std::make_shared<ServerConfig>(server_config()), testing::now, out);
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error(), Error(Fatal{Reason::legacy_version_wrong}));
    EXPECT_EQ(out.to_peer, direct_out.to_peer);
  }
}

TEST(LegacyVersion, server_refuses_a_second_hello_with_another) {
  ConnectionPair pair(without_shares(), server_config());
  exchange_flights(pair);
  const Bytes& flight = pair.client_out.to_peer;
  ASSERT_EQ(flight.at(0), 20);  // a change_cipher_spec goes before it
  set_legacy_version(pair.client_out.to_peer, 0x0304, 6);
  EXPECT_FALSE(pair.run_handshake());
  EXPECT_EQ(*pair.server().failure(), Error(Fatal{Reason::legacy_version_wrong}));
}

TEST(LegacyVersion, server_that_chose_tls12_by_supported_versions_does_not_look_at_it) {
  for (const std::uint16_t version : foreign_versions) {
    auto client = client_config();
    client.versions = {ProtocolVersion::tls13, ProtocolVersion::tls12};
    auto server = server_config();
    server.versions = {ProtocolVersion::tls12};
    ConnectionPair pair(client, server);
    set_legacy_version(pair.client_out.to_peer, version);
    (void)pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out);
    EXPECT_EQ(pair.server().failure(), nullptr) << version;
    EXPECT_EQ(pair.server_out.to_peer.at(0), 22);
  }
}

//= RFC 9846 4.2.3 //# A client which receives a TLS 1.3 Server Hello with a legacy_version value not equal to 0x0303 MUST abort the handshake with a "protocol_version" alert.
//= RFC 9846 E.5 //# Implementations receiving Hello messages with other version numbers MUST abort the handshake as described in Section 4.2.2 and Section 4.2.3.
TEST(LegacyVersion, client_refuses_a_server_hello_of_tls13_with_another) {
  for (const std::uint16_t version : foreign_versions) {
    ConnectionPair pair(client_config(), server_config());
    (void)pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out);
    set_legacy_version(pair.server_out.to_peer, version);
    expect_client_refuses(pair, Reason::legacy_version_wrong);
  }
}

//= RFC 9846 4.2.4 //# Upon receipt of a HelloRetryRequest, the client MUST check the legacy_version,
TEST(LegacyVersion, client_refuses_a_hello_retry_request_with_another) {
  for (const std::uint16_t version : foreign_versions) {
    ConnectionPair pair(without_shares(), server_config());
    (void)pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out);
    set_legacy_version(pair.server_out.to_peer, version);
    expect_client_refuses(pair, Reason::legacy_version_wrong);
  }
}

//= RFC 9846 4.2.4 //# The value of selected_version in the HelloRetryRequest "supported_versions" extension MUST be retained in the ServerHello, and a client MUST abort the handshake with an "illegal_parameter" alert if the value changes.
TEST(LegacyVersion, client_refuses_a_server_hello_of_tls12_behind_a_hello_retry_request) {
  ClientConfig older_client = client_config();
  ServerConfig older_server = server_config();
  older_client.versions = older_server.versions = {ProtocolVersion::tls12};
  ConnectionPair pair(without_shares(), server_config()), other(older_client, older_server);
  (void)other.server().receive(other.client_out.to_peer, testing::now, other.server_out);
  exchange_flights(pair);
  EXPECT_FALSE(pair.client().receive(other.server_out.to_peer, testing::now, pair.client_out));
  EXPECT_EQ(*pair.client().failure(), Error(Fatal{Reason::version_changed}));
}

}  // namespace
}  // namespace tocsin
