#include <gtest/gtest.h>

#include <algorithm>

#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::stacks {
namespace {

constexpr auto tls12 = ProtocolVersion::tls12, tls13 = ProtocolVersion::tls13;
constexpr std::uint8_t handshake_failure = 40, protocol_version = 70;

/// One conversation in all three ways that two stacks can have it.
template <class Check>
void with_every_pair(const PeerConfig& client, const PeerConfig& server, Check&& check) {
  const auto talk = [&](std::unique_ptr<Peer> connecting, std::unique_ptr<Peer> serving) {
    exchange(*connecting, *serving);
    check(*connecting, *serving);
  };
  const auto openssl = [](Role role, const PeerConfig& config, std::uint64_t seed) {
    return std::make_unique<OpenSslPeer>(role, config, seed);
  };
  SCOPED_TRACE(file_name_of(server.certificate));
  talk(tocsin_client(client, 1), tocsin_server(server, 2, EntryPoint::acceptor));
  {
    SCOPED_TRACE("OpenSSL serves");
    talk(tocsin_client(client, 1), openssl(Role::server, server, 4));
  }
  SCOPED_TRACE("OpenSSL connects");
  talk(openssl(Role::client, client, 3), tocsin_server(server, 2));
}

void expect_agreement(Peer& client, Peer& server, ProtocolVersion version, AeadAlgorithm aead) {
  ASSERT_EQ(client.status(), Status::complete) << client.failure() << server.failure();
  ASSERT_EQ(server.status(), Status::complete) << client.failure() << server.failure();
  for (const Peer* peer : {&client, &server}) {
    EXPECT_EQ(peer->negotiated().version, version);
    EXPECT_EQ(version_of(peer->negotiated().cipher_suite), version);
    EXPECT_EQ(aead_of(peer->negotiated().cipher_suite), aead);
    EXPECT_EQ(peer->negotiated().application_protocol, "h2");
  }
  EXPECT_EQ(client.negotiated().cipher_suite, server.negotiated().cipher_suite);
  const auto exported = client.export_keying_material("EXPORTER-test", bytes_of("context"), 20);
  EXPECT_TRUE(exported);
  EXPECT_EQ(exported, server.export_keying_material("EXPORTER-test", bytes_of("context"), 20));
  EXPECT_TRUE(client.send(bytes_of("up")) && server.send(bytes_of("down")));
  exchange(client, server);
  EXPECT_EQ(text_of(client.take_application_data()), "down");
  EXPECT_EQ(text_of(server.take_application_data()), "up");
  EXPECT_TRUE(client.close());
  exchange(client, server);
  EXPECT_TRUE(server.is_closed_by_other_end());
  EXPECT_TRUE(server.close());
  exchange(client, server);
  EXPECT_TRUE(client.is_closed_by_other_end());
  EXPECT_EQ(client.status(), Status::complete);
  EXPECT_EQ(server.status(), Status::complete);
}

void expect_refusal(Peer& client, Peer& server, std::uint8_t alert) {
  EXPECT_EQ(server.status(), Status::failed);
  EXPECT_EQ(server.alert_sent(), (AlertSeen{2, alert, true})) << server.failure();
  ASSERT_TRUE(client.alert_received()) << client.failure();
  EXPECT_EQ(client.alert_received()->description, alert);
}

const std::vector<ProtocolVersion> version_lists[] = {{tls12}, {tls13}, {tls12, tls13}};

TEST(tocsin_peer, speaks_the_highest_common_version_with_every_certificate_and_suite_or_says_that_there_is_none) {
  for (const auto& clients : version_lists)
    for (const auto& servers : version_lists)
      for (const CertificateKind kind : all_certificate_kinds)
        for (const CipherSuite suite : PeerConfig{}.cipher_suites) {
          PeerConfig client, server;
          client.versions = clients;
          client.application_protocols = {"http/1.1", "h2"};
          server.versions = servers;
          server.certificate = kind;
          server.cipher_suites = {suite};
          server.application_protocols = {"h2"};
          const auto both = [&](ProtocolVersion version) { return speaks(client, version) && speaks(server, version); };
          with_every_pair(client, server, [&](Peer& connecting, Peer& serving) {
            // RFC 8422 5.1.1: no client here takes certificates on P-521 in TLS 1.2.
            if (!both(tls13) && (!both(tls12) || kind == CertificateKind::ecdsa_p521))
              return expect_refusal(connecting, serving, both(tls12) ? handshake_failure : protocol_version);
            expect_agreement(connecting, serving, both(tls13) ? tls13 : tls12, aead_of(suite));
          });
        }
}

TEST(tocsin_peer, clients_of_tls_1_2_show_their_certificates_to_either_stack) {
  for (const ClientCertificate certificate :
       {ClientCertificate::none, ClientCertificate::ecdsa_p256, ClientCertificate::ed25519, ClientCertificate::rsa2048}) {
    PeerConfig client, server;
    client.versions = server.versions = {tls12};
    client.client_certificate = certificate;
    server.client_authentication = ClientAuthentication::required;
    with_every_pair(client, server, [&](Peer& connecting, Peer& serving) {
      if (certificate == ClientCertificate::none) {
        EXPECT_EQ(serving.alert_sent(), (AlertSeen{2, handshake_failure, true})) << serving.failure();
        return;
      }
      EXPECT_EQ(connecting.status(), Status::complete) << connecting.failure() << serving.failure();
      EXPECT_EQ(serving.negotiated().client_certificate, certified_key_of(certificate)->chain.front());
    });
  }
}

TEST(tocsin_peer, tells_alerts_of_tls_1_2_that_it_sends_encrypted) {
  PeerConfig config;
  config.versions = {tls12};
  with_every_pair(config, config, [&](Peer& connecting, Peer& serving) {
    serving.receive(Bytes{23, 3, 3, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    EXPECT_EQ(serving.alert_sent(), (AlertSeen{2, 20, false})) << serving.failure();
    exchange(connecting, serving);
    EXPECT_EQ(connecting.alert_received()->description, 20);
  });
}

}  // namespace
}  // namespace tocsin::stacks
