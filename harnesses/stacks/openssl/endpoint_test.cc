#include "harnesses/stacks/openssl/endpoint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harnesses/stacks/pump.h"

namespace tocsin::stacks {
namespace {

using namespace std::chrono_literals;

constexpr Address client_at{1}, other_client_at{3}, server_at{2};

struct Loopback {
  explicit Loopback(const PeerConfig& client_config = {}, const PeerConfig& server_config = {})
      : client(OpenSslEndpoint::client(client_config, 1, server_at)), server(OpenSslEndpoint::server(server_config, 2)) {}

  // Carries datagrams to and fro, in no time, until neither end has any left. Gives all that were carried.
  std::vector<Bytes> run() {
    std::vector<Bytes> carried;
    const auto carry = [&](OpenSslEndpoint& from, Address at, OpenSslEndpoint& to) {
      const std::vector<Datagram> output = from.take_output();
      for (const Datagram& datagram : output) {
        to.receive(datagram.bytes, at, 0us);
        carried.push_back(datagram.bytes);
      }
      return !output.empty();
    };
    until_silent([&] { return carry(*client, client_at, *server); }, [&] { return carry(*server, server_at, *client); });
    return carried;
  }
  bool is_complete() const {
    return client->status(server_at) == Status::complete && server->status(client_at) == Status::complete;
  }

  std::unique_ptr<OpenSslEndpoint> client, server;
};

TEST(openssl_endpoint, completes_with_every_certificate_and_suite) {
  for (const CertificateKind kind : {CertificateKind::ecdsa_p256, CertificateKind::ecdsa_p384, CertificateKind::rsa2048}) {
    for (const CipherSuite suite : PeerConfig{}.cipher_suites) {
      PeerConfig config;
      config.certificate = kind;
      config.cipher_suites = {suite};
      config.application_protocols = {"coap"};
      Loopback pair({}, config);
      pair.run();
      EXPECT_TRUE(pair.is_complete()) << file_name_of(kind) << pair.client->failure(server_at);
    }
  }
}

TEST(openssl_endpoint, tells_what_was_negotiated) {
  PeerConfig client, server;
  client.application_protocols = {"coap", "echo"};
  server.application_protocols = {"echo"};
  server.cipher_suites = {CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256};
  Loopback pair(client, server);
  pair.run();
  const Negotiated at_client = pair.client->negotiated(server_at), at_server = pair.server->negotiated(client_at);
  for (const Negotiated& agreed : {at_client, at_server}) {
    EXPECT_EQ(static_cast<int>(agreed.version), DTLS1_2_VERSION);
    EXPECT_EQ(agreed.cipher_suite, CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256);
    EXPECT_EQ(agreed.application_protocol, "echo");
  }
  const auto key = pair.client->export_keying_material(server_at, "EXPORTER-test", bytes_of("context"), 20);
  ASSERT_TRUE(key);
  EXPECT_EQ(key, pair.server->export_keying_material(client_at, "EXPORTER-test", bytes_of("context"), 20));
}

TEST(openssl_endpoint, is_reproducible_to_the_byte) {
  for (const CertificateKind kind : {CertificateKind::ecdsa_p256, CertificateKind::rsa2048}) {
    PeerConfig config;
    config.certificate = kind;
    const std::vector<Bytes> first = Loopback({}, config).run();
    EXPECT_EQ(first, Loopback({}, config).run());
    EXPECT_EQ(first.size(), 6u);
  }
}

TEST(openssl_endpoint, asks_for_a_cookie_if_configured) {
  PeerConfig config;
  const std::vector<Bytes> with = Loopback({}, config).run();
  config.cookie_exchange = false;
  const std::vector<Bytes> without = Loopback({}, config).run();
  EXPECT_EQ(with.size(), without.size() + 2);
  constexpr std::size_t message_type_at = 13;
  EXPECT_EQ(with.at(1).at(message_type_at), DTLS1_MT_HELLO_VERIFY_REQUEST);
  EXPECT_EQ(without.at(1).at(message_type_at), SSL3_MT_SERVER_HELLO);
}

TEST(openssl_endpoint, takes_a_cookie_from_its_own_address_only) {
  Loopback pair;
  const Bytes hello = pair.client->take_output().at(0).bytes;
  pair.server->receive(hello, client_at, 0us);
  pair.client->receive(pair.server->take_output().at(0).bytes, server_at, 0us);
  const Bytes hello_with_cookie = pair.client->take_output().at(0).bytes;
  pair.server->receive(hello, other_client_at, 0us);
  pair.server->take_output();
  pair.server->receive(hello_with_cookie, other_client_at, 0us);
  EXPECT_EQ(pair.server->status(other_client_at), Status::failed);
  EXPECT_EQ(pair.server->failure(other_client_at), "cookie mismatch");
  pair.server->receive(hello_with_cookie, client_at, 0us);
  pair.run();
  EXPECT_TRUE(pair.is_complete());
}

TEST(openssl_endpoint, sends_no_datagram_over_its_mtu) {
  for (const std::size_t mtu_bytes : {228u, 256u, 300u, 512u, 1200u}) {
    PeerConfig config;
    config.certificate = CertificateKind::rsa2048;
    config.mtu_bytes = mtu_bytes;
    Loopback pair(config, config);
    std::size_t largest_bytes = 0;
    for (const Bytes& datagram : pair.run()) largest_bytes = std::max(largest_bytes, datagram.size());
    EXPECT_TRUE(pair.is_complete()) << mtu_bytes;
    EXPECT_LE(largest_bytes, mtu_bytes);
    EXPECT_GT(largest_bytes, mtu_bytes / 2);
  }
}

TEST(openssl_endpoint, retransmits_in_virtual_time_from_one_to_sixty_seconds_and_gives_up) {
  const auto client = OpenSslEndpoint::client({}, 1, server_at);
  const Bytes hello = client->take_output().at(0).bytes;
  std::vector<std::int64_t> seconds;
  for (int timeouts = 0; timeouts < 20 && client->deadline(); ++timeouts) {
    const auto deadline = client->deadline();
    client->on_timeout(*deadline - 20ms);
    EXPECT_TRUE(client->take_output().empty()) << "before its time";
    client->on_timeout(*deadline);
    seconds.push_back(std::chrono::duration_cast<std::chrono::seconds>(*deadline).count());
    for (const Datagram& again : client->take_output()) EXPECT_EQ(again.bytes.size(), hello.size());
  }
  EXPECT_EQ(seconds, (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423, 483}));
  EXPECT_EQ(client->status(server_at), Status::failed);
  EXPECT_EQ(client->failure(server_at), "read timeout expired");
}

TEST(openssl_endpoint, has_no_deadline_once_complete) {
  Loopback pair;
  EXPECT_EQ(pair.client->deadline(), Time(1s));
  pair.run();
  EXPECT_EQ(pair.client->deadline(), std::nullopt);
  EXPECT_EQ(pair.server->deadline(), std::nullopt);
}

TEST(openssl_endpoint, carries_records_and_closures) {
  Loopback pair;
  EXPECT_FALSE(pair.client->send(server_at, bytes_of("too early"), 0us));
  pair.run();
  EXPECT_TRUE(pair.client->send(server_at, bytes_of("one"), 0us));
  EXPECT_TRUE(pair.client->send(server_at, bytes_of("two"), 0us));
  EXPECT_TRUE(pair.client->close(server_at, 0us));
  EXPECT_FALSE(pair.client->send(server_at, bytes_of("too late"), 0us));
  pair.run();
  const std::vector<Bytes> delivered = pair.server->take_application_data(client_at);
  ASSERT_EQ(delivered.size(), 2u);
  EXPECT_EQ(text_of(delivered[0]), "one");
  EXPECT_EQ(text_of(delivered[1]), "two");
  EXPECT_TRUE(pair.server->is_closed_by(client_at));
  EXPECT_FALSE(pair.client->is_closed_by(server_at));
}

TEST(openssl_endpoint, goes_on_after_an_empty_datagram_and_after_garbage) {
  Loopback pair;
  for (const auto& stray : {Bytes{}, Bytes{1, 2, 3}, Bytes(100, 0xff)}) {
    pair.client->receive(stray, server_at, 0us);
    pair.server->receive(stray, client_at, 0us);
  }
  pair.run();
  EXPECT_TRUE(pair.is_complete()) << pair.client->failure(server_at) << pair.server->failure(client_at);
  pair.client->receive({}, server_at, 0us);
  EXPECT_TRUE(pair.client->send(server_at, bytes_of("still"), 0us));
  pair.run();
  EXPECT_EQ(pair.server->take_application_data(client_at).size(), 1u);
}

TEST(openssl_endpoint, serves_each_address_apart_from_the_others) {
  Loopback pair;
  const Bytes garbage(50, 22);
  pair.server->receive(garbage, other_client_at, 0us);
  const std::vector<Bytes> disturbed = pair.run();
  EXPECT_TRUE(pair.is_complete());
  EXPECT_EQ(disturbed, Loopback().run());
  EXPECT_EQ(pair.server->status(other_client_at), Status::handshaking);
  pair.client->receive(garbage, other_client_at, 0us);  // a client has one server
  EXPECT_TRUE(pair.client->take_output().empty());
}

TEST(openssl_endpoint, says_why_it_failed) {
  PeerConfig config;
  config.server_name = "elsewhere.test";
  Loopback pair(config);
  pair.run();
  EXPECT_EQ(pair.client->status(server_at), Status::failed);
  EXPECT_EQ(pair.client->failure(server_at), "certificate verify failed");
}

}  // namespace
}  // namespace tocsin::stacks
