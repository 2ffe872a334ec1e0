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

}  // namespace
}  // namespace tocsin
