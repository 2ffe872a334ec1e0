#include "harnesses/stacks/tocsin/peer.h"

#include <gtest/gtest.h>

#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/pump.h"

namespace tocsin::stacks {
namespace {

void expect_agreement(Peer& client, Peer& server) {
  ASSERT_EQ(client.status(), Status::complete) << client.failure();
  ASSERT_EQ(server.status(), Status::complete) << server.failure();
  EXPECT_EQ(client.negotiated().cipher_suite, server.negotiated().cipher_suite);
  EXPECT_EQ(client.negotiated().group, server.negotiated().group);
  EXPECT_EQ(client.negotiated().application_protocol, server.negotiated().application_protocol);
  EXPECT_EQ(client.negotiated().retried, server.negotiated().retried);
  const auto exported = client.export_keying_material("EXPORTER-test", bytes_of("context"), 20);
  EXPECT_TRUE(exported);
  EXPECT_EQ(exported, server.export_keying_material("EXPORTER-test", bytes_of("context"), 20));
  EXPECT_TRUE(client.send(bytes_of("up")) && server.send(bytes_of("down")));
  exchange(client, server);
  EXPECT_EQ(text_of(client.take_application_data()), "down");
  EXPECT_EQ(text_of(server.take_application_data()), "up");
}

TEST(tocsin_peer, completes_with_itself_by_both_ways_in_and_every_certificate) {
  for (const CertificateKind kind : all_certificate_kinds) {
    for (const EntryPoint entry_point : {EntryPoint::direct, EntryPoint::acceptor}) {
      PeerConfig config;
      config.certificate = kind;
      const auto client = tocsin_client({}, 1), server = tocsin_server(config, 2, entry_point);
      exchange(*client, *server);
      expect_agreement(*client, *server);
    }
  }
}

//= RFC 9846 2 //# the server's share MUST be in the same group as one of the client's shares.
//= RFC 9846 4 //# Protocol messages MUST be sent in the order defined in Section 4.1 and shown in the
//= RFC 9846 4.3.8 //# This value MUST be in the same group as the KeyShareEntry value offered by the client
//= RFC 9846 4.4.1 //# In all handshakes, the server MUST send the EncryptedExtensions message immediately
//= RFC 9846 4.5.1 //# The server MUST send a Certificate message whenever the agreed-upon key exchange method
//= RFC 9846 4.5.2 //# Servers MUST send this message when authenticating via a certificate.
//= RFC 9846 4.5.2 //# When sent, this message MUST appear immediately after the Certificate message and
//= RFC 9846 9.1 //# A TLS-compliant application MUST implement the TLS_AES_128_GCM_SHA256 [GCM] cipher
//= RFC 9846 9.1 //# A TLS-compliant application MUST support digital signatures with rsa_pkcs1_sha256 (for
//= RFC 9846 9.1 //# A TLS-compliant application MUST support key exchange with secp256r1 (NIST P-256) and
//= RFC 9846 7.4.2 //# leading zeros found in this octet string MUST NOT be truncated.
//= RFC 9846 4.3.3 //# The length of the Salt MUST be equal to the length of the output of the digest
TEST(tocsin_peer, completes_with_openssl_in_both_roles_with_every_certificate_group_and_suite) {
  for (const CertificateKind kind : all_certificate_kinds) {
    for (const NamedGroup group : PeerConfig{}.groups) {
      for (const CipherSuite suite : PeerConfig{}.cipher_suites) {
        PeerConfig config;
        config.certificate = kind;
        config.groups = {group};
        config.cipher_suites = {suite};
        config.application_protocols = {"h2"};
        PeerConfig client_config;
        client_config.application_protocols = {"http/1.1", "h2"};
        const auto client = tocsin_client(client_config, 1), server = tocsin_server(config, 2);
        OpenSslPeer openssl_client(Role::client, client_config, 3), openssl_server(Role::server, config, 4);
        exchange(*client, openssl_server);
        expect_agreement(*client, openssl_server);
        exchange(openssl_client, *server);
        expect_agreement(openssl_client, *server);
        EXPECT_EQ(server->negotiated().retried, group != NamedGroup::x25519);
      }
    }
  }
}

TEST(tocsin_peer, is_reproducible_to_the_byte) {
  const auto conversation = [] {
    const auto client = tocsin_client({}, 1), server = tocsin_server({}, 2);
    return exchange(*client, *server);
  };
  const Bytes first = conversation();
  EXPECT_EQ(first, conversation());
  EXPECT_GT(first.size(), 1000u);
}

TEST(tocsin_peer, tells_alerts_that_it_sends_in_the_clear_and_encrypted) {
  PeerConfig config;
  config.application_protocols = {"a"};
  PeerConfig other;
  other.application_protocols = {"b"};
  const auto client = tocsin_client(config, 1), server = tocsin_server(other, 2);
  exchange(*client, *server);
  EXPECT_EQ(server->alert_sent(), (AlertSeen{2, 120, true}));
  EXPECT_EQ(client->alert_received()->description, 120);

  const auto next_client = tocsin_client({}, 1), next_server = tocsin_server({}, 2);
  exchange(*next_client, *next_server);
  const Bytes forged{23, 3, 3, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  next_server->receive(forged);
  EXPECT_EQ(next_server->alert_sent(), (AlertSeen{2, 20, false}));
  exchange(*next_client, *next_server);
  EXPECT_EQ(next_client->alert_received()->description, 20);
}

}  // namespace
}  // namespace tocsin::stacks
