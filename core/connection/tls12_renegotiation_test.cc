// What TLS 1.2 makes of protected records that tocsin itself never sends.
#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "core/connection/testing.h"
#include "core/crypto/tls12/key_schedule.h"
#include "core/record/tls13/protection.h"

namespace tocsin {
namespace {

using testing::ConnectionPair;

ClientConfig client_config() {
  ClientConfig config = testing::client_config();
  config.versions = {ProtocolVersion::tls12};
  return config;
}

ServerConfig server_config() {
  ServerConfig config = testing::server_config();
  config.versions = {ProtocolVersion::tls12};
  return config;
}

/// A complete handshake, of which the test has the keys.
struct Opened {
  Opened() : pair(config(client_config()), server_config()) {
    client_hello = pair.client_out.to_peer;
    EXPECT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
    server_flight = pair.server_out.to_peer;
    EXPECT_TRUE(pair.run_handshake());
  }
  /// The next record of an end, if it has sent its Finished alone.
  Bytes record_of(bool is_server, ContentType type, ByteView content) {
    const CipherSuite suite = pair.client().negotiated().cipher_suite;
    const auto random_of = [](const Bytes& flight) { return crypto::tls12::Random(flight.data() + 5 + 4 + 2, 32); };
    const auto block = crypto::tls12::key_block(*testing::provider(), suite, record::tls12::Protection::fixed_iv_bytes(suite),
                                                master, random_of(client_hello), random_of(server_flight));
    auto aead = testing::provider()->aead(suite, is_server ? block->server_write_key : block->client_write_key);
    record::Sealer sealer(
        record::tls12::Protection(std::move(*aead), is_server ? block->server_write_iv : block->client_write_iv), 1);
    Bytes record;
    EXPECT_TRUE(sealer.seal(type, content, 0, record));
    return record;
  }
  ClientConfig config(ClientConfig with) {
    with.key_log = [this](std::string_view line) { master = test::from_hex(line.substr(line.rfind(' ') + 1)); };
    return with;
  }

  Bytes master, client_hello, server_flight;
  ConnectionPair pair;
};

//= RFC 9846 4.2.2 //# it MUST retain the previous protocol version.
//= RFC 9846 4.2.2 //# In particular, it MUST NOT negotiate TLS 1.3.
//= RFC 5246 7.2.2 //# This message is always a warning.
TEST(Tls12Connection, renegotiation_is_refused_with_a_warning_but_not_after_an_own_close_notify) {
  for (const bool is_closed : {false, true}) {
    Opened at_client, at_server;
    if (is_closed) {
      ASSERT_TRUE(at_client.pair.client().close(at_client.pair.client_out));
      ASSERT_TRUE(at_server.pair.server().close(at_server.pair.server_out));
    }
    at_client.pair.client_out = at_server.pair.server_out = {};
    const Bytes request = at_client.record_of(true, ContentType::handshake, Bytes{0, 0, 0, 0});
    const Bytes hello = at_server.record_of(false, ContentType::handshake, ByteView(at_server.client_hello).subspan(5));
    EXPECT_TRUE(at_client.pair.client().receive(request, testing::now, at_client.pair.client_out));
    EXPECT_TRUE(at_server.pair.server().receive(hello, testing::now, at_server.pair.server_out));
    const Bytes warning_of_client = at_client.record_of(false, ContentType::alert, Bytes{1, 100});
    const Bytes warning_of_server = at_server.record_of(true, ContentType::alert, Bytes{1, 100});
    EXPECT_EQ(at_client.pair.client_out.to_peer, is_closed ? Bytes{} : warning_of_client);
    EXPECT_EQ(at_server.pair.server_out.to_peer, is_closed ? Bytes{} : warning_of_server);
  }
}

// RFC 5246 7.2: AlertLevel is warning or fatal. RFC 9846 6: an invalid enum is illegal_parameter.
TEST(Tls12Connection, an_alert_of_no_level_is_refused_before_and_after_keys) {
  const auto plain = [](std::uint8_t level, AlertDescription description) {
    return Bytes{21, 3, 3, 0, 2, level, static_cast<std::uint8_t>(description)};
  };
  for (const std::uint8_t level : Bytes{0, 3, 255})
    for (const auto description : {AlertDescription::close_notify, AlertDescription::handshake_failure,
                                   AlertDescription::user_canceled, AlertDescription::no_renegotiation}) {
      const Error refused{Fatal{Reason::alert_level_invalid}};
      ConnectionPair before(client_config(), server_config()), answered(client_config(), server_config());
      EXPECT_EQ(before.client().receive(plain(level, description), testing::now, before.client_out).error(), refused);
      ASSERT_TRUE(answered.server().receive(answered.client_out.to_peer, testing::now, answered.server_out));
      ASSERT_TRUE(answered.client().receive(answered.server_out.to_peer, testing::now, answered.client_out));
      EXPECT_EQ(answered.client().receive(plain(level, description), testing::now, answered.client_out).error(), refused);
      EXPECT_EQ(answered.server().receive(plain(level, description), testing::now, answered.server_out).error(), refused);
      Opened after;
      const Bytes content{level, static_cast<std::uint8_t>(description)};
      const Bytes at_client = after.record_of(true, ContentType::alert, content);
      const Bytes at_server = after.record_of(false, ContentType::alert, content);
      EXPECT_EQ(after.pair.client().receive(at_client, testing::now, after.pair.client_out).error(), refused);
      EXPECT_EQ(after.pair.server().receive(at_server, testing::now, after.pair.server_out).error(), refused);
      EXPECT_FALSE(after.pair.client().is_closed_by_peer());
    }
}

//= RFC 9846 6 //# All the alerts listed in Section 6.2 MUST be sent with AlertLevel=fatal and MUST be
TEST(Tls12Connection, an_alert_of_no_level_is_a_peers_alert_in_tls_1_3) {
  ConnectionPair pair(testing::client_config(), testing::server_config());
  EXPECT_EQ(pair.client().receive(Bytes{21, 3, 3, 0, 2, 3, 40}, testing::now, pair.client_out).error(),
            Error(PeerAlert{AlertDescription::handshake_failure}));
}

}  // namespace
}  // namespace tocsin
