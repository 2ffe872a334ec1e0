#include "harnesses/stacks/openssl/peer.h"

#include <gtest/gtest.h>

#include "harnesses/stacks/pump.h"

namespace tocsin::stacks {
namespace {

struct Loopback {
  explicit Loopback(const PeerConfig& client_config = {}, const PeerConfig& server_config = {})
      : client(Role::client, client_config, 1), server(Role::server, server_config, 2) {}

  Bytes run() { return exchange(client, server); }

  OpenSslPeer client, server;
};

TEST(openssl_peer, completes_with_every_certificate) {
  for (const CertificateKind kind : all_certificate_kinds) {
    PeerConfig config;
    config.certificate = kind;
    Loopback pair({}, config);
    pair.run();
    EXPECT_EQ(pair.client.status(), Status::complete) << file_name_of(kind) << pair.client.failure();
    EXPECT_EQ(pair.server.status(), Status::complete) << file_name_of(kind) << pair.server.failure();
  }
}

TEST(openssl_peer, tells_what_was_negotiated) {
  PeerConfig client, server;
  client.application_protocols = {"h2", "http/1.1"};
  server.application_protocols = {"http/1.1", "h2"};
  server.groups = {NamedGroup::secp384r1};
  server.cipher_suites = {CipherSuite::aes_256_gcm_sha384};
  Loopback pair(client, server);
  pair.run();
  for (const OpenSslPeer* peer : {&pair.client, &pair.server}) {
    const Negotiated agreed = peer->negotiated();
    EXPECT_EQ(agreed.version, ProtocolVersion::tls13);
    EXPECT_EQ(agreed.cipher_suite, CipherSuite::aes_256_gcm_sha384);
    EXPECT_EQ(agreed.group, NamedGroup::secp384r1);
    EXPECT_EQ(agreed.application_protocol, "http/1.1");
    EXPECT_TRUE(agreed.retried);
  }
  EXPECT_EQ(pair.client.export_keying_material("EXPORTER-test", bytes_of("context"), 20),
            pair.server.export_keying_material("EXPORTER-test", bytes_of("context"), 20));
}

TEST(openssl_peer, is_reproducible_to_the_byte) {
  for (const CertificateKind kind : {CertificateKind::ecdsa_p256, CertificateKind::rsa2048}) {
    PeerConfig config;
    config.certificate = kind;
    const Bytes first = Loopback({}, config).run();
    EXPECT_EQ(first, Loopback({}, config).run());
    EXPECT_GT(first.size(), 1000u);
  }
}

TEST(openssl_peer, carries_data_key_updates_and_closures) {
  Loopback pair;
  pair.run();
  EXPECT_TRUE(pair.client.send(bytes_of("up")));
  EXPECT_TRUE(pair.client.update_keys(KeyUpdateRequest::update_requested));
  EXPECT_TRUE(pair.client.send(bytes_of("wards")));
  EXPECT_TRUE(pair.client.close());
  pair.run();
  EXPECT_EQ(text_of(pair.server.take_application_data()), "upwards");
  EXPECT_TRUE(pair.server.is_closed_by_other_end());
  EXPECT_TRUE(pair.server.send(bytes_of("down")));
  EXPECT_TRUE(pair.server.close());
  pair.run();
  EXPECT_EQ(text_of(pair.client.take_application_data()), "down");
  EXPECT_TRUE(pair.client.is_closed_by_other_end());
  EXPECT_EQ(pair.client.status(), Status::complete);
}

TEST(openssl_peer, tells_alerts_that_it_sends_in_the_clear) {
  PeerConfig config;
  config.cipher_suites = {CipherSuite::chacha20_poly1305_sha256};
  PeerConfig other;
  other.cipher_suites = {CipherSuite::aes_128_gcm_sha256};
  Loopback pair(config, other);
  pair.run();
  EXPECT_EQ(pair.server.status(), Status::failed);
  EXPECT_EQ(pair.server.alert_sent(), (AlertSeen{2, SSL_AD_HANDSHAKE_FAILURE, true}));
  EXPECT_EQ(pair.client.alert_received(), (AlertSeen{2, SSL_AD_HANDSHAKE_FAILURE, true}));
  EXPECT_EQ(pair.server.failure(), "no shared cipher");
}

TEST(openssl_peer, tells_alerts_that_it_sends_encrypted) {
  Loopback pair;
  pair.run();
  const Bytes forged{23, 3, 3, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  pair.server.receive(forged);
  pair.run();
  EXPECT_EQ(pair.server.alert_sent(), (AlertSeen{2, SSL_AD_BAD_RECORD_MAC, false}));
  EXPECT_EQ(pair.client.alert_received(), (AlertSeen{2, SSL_AD_BAD_RECORD_MAC, false}));
}

TEST(openssl_peer, refuses_a_certificate_for_another_name) {
  PeerConfig config;
  config.server_name = "elsewhere.test";
  Loopback pair(config);
  pair.run();
  EXPECT_EQ(pair.client.status(), Status::failed);
  EXPECT_EQ(pair.client.alert_sent()->description, SSL_AD_BAD_CERTIFICATE);
}

TEST(openssl_peer, says_nothing_to_a_record_of_another_protocol) {
  OpenSslPeer server(Role::server, {}, 1);
  server.receive(bytes_of("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(server.status(), Status::failed);
  EXPECT_EQ(server.alert_sent(), std::nullopt);
  EXPECT_TRUE(server.take_output().empty());
}

}  // namespace
}  // namespace tocsin::stacks
