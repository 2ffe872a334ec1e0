#include "harnesses/stacks/gnutls/peer.h"

#include <gnutls/crypto.h>
#include <gtest/gtest.h>

#include "harnesses/stacks/pump.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::stacks {
namespace {

constexpr ProtocolVersion versions[] = {ProtocolVersion::tls12, ProtocolVersion::tls13};

struct Loopback {
  Loopback(Role gnutls, const PeerConfig& of_client, const PeerConfig& of_server)
      : client(gnutls == Role::client ? std::make_unique<GnuTlsPeer>(Role::client, of_client, 1) : tocsin_client(of_client, 1)),
        server(gnutls == Role::server ? std::make_unique<GnuTlsPeer>(Role::server, of_server, 2)
                                      : tocsin_server(of_server, 2)) {}

  Bytes run() { return exchange(*client, *server); }

  std::unique_ptr<Peer> client, server;
};

/// For each version, and GnuTLS in each role against tocsin.
template <class Check>
void in_all_ways(PeerConfig client, PeerConfig server, Check&& check) {
  for (const ProtocolVersion version : versions)
    for (const Role gnutls : {Role::client, Role::server}) {
      SCOPED_TRACE(std::string(gnutls == Role::client ? "GnuTLS connects, " : "GnuTLS serves, ") +
                   std::string(name_of(version)));
      client.versions = server.versions = {version};
      check(version, gnutls, client, server);
    }
}

void expect_agreement(Peer& client, Peer& server, ProtocolVersion version) {
  ASSERT_EQ(client.status(), Status::complete) << client.failure() << "; " << server.failure();
  ASSERT_EQ(server.status(), Status::complete) << client.failure() << "; " << server.failure();
  const Negotiated ours = client.negotiated(), theirs = server.negotiated();
  EXPECT_EQ(ours.version, version);
  EXPECT_EQ(theirs.version, version);
  EXPECT_EQ(ours.cipher_suite, theirs.cipher_suite);
  EXPECT_EQ(ours.group, theirs.group);
  EXPECT_EQ(ours.application_protocol, theirs.application_protocol);
  EXPECT_EQ(ours.retried, theirs.retried);
  const auto exported = client.export_keying_material("EXPORTER-test", bytes_of("context"), 20);
  EXPECT_TRUE(exported);
  EXPECT_EQ(exported, server.export_keying_material("EXPORTER-test", bytes_of("context"), 20));
}

TEST(gnutls_peer, completes_with_every_certificate_group_and_suite) {
  for (const CertificateKind kind : all_certificate_kinds)
    for (const NamedGroup group : PeerConfig{}.groups)
      for (const CipherSuite suite : PeerConfig{}.cipher_suites) {
        PeerConfig client, server;
        server.certificate = kind;
        server.groups = {group};
        server.cipher_suites = {suite};
        in_all_ways(client, server, [&](ProtocolVersion version, Role gnutls, const auto& of_client, const auto& of_server) {
          // RFC 8422 5.1.1: tocsin takes and shows no certificate on P-521 in TLS 1.2.
          if (version == ProtocolVersion::tls12 && kind == CertificateKind::ecdsa_p521) return;
          SCOPED_TRACE(file_name_of(kind));
          Loopback pair(gnutls, of_client, of_server);
          pair.run();
          expect_agreement(*pair.client, *pair.server, version);
          EXPECT_EQ(pair.client->negotiated().group, group);
          EXPECT_EQ(aead_of(pair.client->negotiated().cipher_suite), aead_of(suite));
          EXPECT_EQ(pair.client->negotiated().retried, version == ProtocolVersion::tls13 && group != NamedGroup::x25519);
        });
      }
}

TEST(gnutls_peer, carries_data_and_closures) {
  in_all_ways({}, {}, [](ProtocolVersion, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    const Bytes much(40'000, 'm');
    EXPECT_TRUE(pair.client->send(bytes_of("up")) && pair.server->send(bytes_of("down")));
    EXPECT_TRUE(pair.server->send(much) && pair.client->send(much));
    pair.run();
    EXPECT_EQ(text_of(pair.client->take_application_data()).substr(0, 6), "downmm");
    EXPECT_EQ(pair.server->take_application_data().size(), 40'002u);
    EXPECT_FALSE(pair.server->is_closed_by_other_end());
    EXPECT_TRUE(pair.client->close());
    EXPECT_FALSE(pair.client->send(bytes_of("more")));
    pair.run();
    EXPECT_TRUE(pair.server->is_closed_by_other_end());
    EXPECT_TRUE(pair.server->close());
    pair.run();
    EXPECT_TRUE(pair.client->is_closed_by_other_end());
    EXPECT_EQ(pair.client->status(), Status::complete);
    EXPECT_EQ(pair.server->status(), Status::complete);
    EXPECT_EQ(pair.client->alert_received(), std::nullopt);
  });
}

TEST(gnutls_peer, updates_keys_in_tls13_alone) {
  in_all_ways({}, {}, [](ProtocolVersion version, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    Peer& one = gnutls == Role::client ? *pair.client : *pair.server;
    Peer& other = gnutls == Role::client ? *pair.server : *pair.client;
    EXPECT_EQ(one.update_keys(KeyUpdateRequest::update_requested), version == ProtocolVersion::tls13);
    EXPECT_TRUE(one.send(bytes_of("with new keys")));
    pair.run();
    EXPECT_EQ(text_of(other.take_application_data()), "with new keys");
    EXPECT_TRUE(other.send(bytes_of("also")));
    pair.run();
    EXPECT_EQ(text_of(one.take_application_data()), "also") << one.failure();
  });
}

TEST(gnutls_peer, chooses_by_the_servers_preference) {
  PeerConfig client, server;
  client.application_protocols = {"h2", "http/1.1"};
  server.application_protocols = {"http/1.1", "h2"};
  server.cipher_suites = {CipherSuite::aes_256_gcm_sha384, CipherSuite::aes_128_gcm_sha256};
  in_all_ways(client, server, [](ProtocolVersion version, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    expect_agreement(*pair.client, *pair.server, version);
    EXPECT_EQ(pair.client->negotiated().application_protocol, "http/1.1");
    EXPECT_EQ(aead_of(pair.client->negotiated().cipher_suite), AeadAlgorithm::aes_256_gcm);
  });
}

TEST(gnutls_peer, proves_and_demands_a_clients_certificate) {
  for (const ClientCertificate certificate : all_client_certificates)
    for (const auto wanted : {ClientAuthentication::optional, ClientAuthentication::required}) {
      PeerConfig client, server;
      client.client_certificate = certificate;
      server.client_authentication = wanted;
      in_all_ways(client, server, [&](ProtocolVersion version, Role gnutls, const auto& of_client, const auto& of_server) {
        SCOPED_TRACE(file_name_of(certificate));
        Loopback pair(gnutls, of_client, of_server);
        pair.run();
        const bool is_none = certificate == ClientCertificate::none;
        if (is_none ? wanted == ClientAuthentication::optional : is_trusted(certificate)) {
          expect_agreement(*pair.client, *pair.server, version);
          EXPECT_EQ(pair.server->negotiated().client_certificate.empty(), is_none);
        } else {
          EXPECT_EQ(pair.server->status(), Status::failed);
          EXPECT_TRUE(pair.server->alert_sent());
          EXPECT_EQ(pair.client->status(), Status::failed);
        }
      });
    }
}

TEST(gnutls_peer, refuses_a_certificate_for_another_name) {
  for (const char* name : {"elsewhere.test", "127.0.0.2"}) {
    PeerConfig client;
    client.server_name = name;
    in_all_ways(client, {}, [](ProtocolVersion, Role gnutls, const auto& of_client, const auto& of_server) {
      if (gnutls == Role::server) return;
      Loopback pair(gnutls, of_client, of_server);
      pair.run();
      EXPECT_EQ(pair.client->status(), Status::failed);
      ASSERT_TRUE(pair.client->alert_sent());
      EXPECT_EQ(pair.client->alert_sent()->description, GNUTLS_A_BAD_CERTIFICATE);
    });
  }
}

TEST(gnutls_peer, offers_and_keeps_limits_of_records) {
  PeerConfig client, server;
  client.record_size_limit = 600;
  server.record_size_limit = 700;
  in_all_ways(client, server, [](ProtocolVersion version, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    expect_agreement(*pair.client, *pair.server, version);
    EXPECT_TRUE(pair.server->send(Bytes(5'000)) && pair.client->send(Bytes(5'000)));
    pair.run();
    EXPECT_EQ(pair.client->take_application_data().size(), 5'000u) << pair.client->failure();
    EXPECT_EQ(pair.server->take_application_data().size(), 5'000u) << pair.server->failure();
  });
}

TEST(gnutls_peer, tells_alerts_in_the_clear_and_encrypted) {
  PeerConfig client, server;
  client.application_protocols = {"a"};
  server.application_protocols = {"b"};
  in_all_ways(client, server, [](ProtocolVersion, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    EXPECT_EQ(pair.server->alert_sent(), (AlertSeen{2, GNUTLS_A_NO_APPLICATION_PROTOCOL, true}));
    ASSERT_TRUE(pair.client->alert_received());
    EXPECT_EQ(pair.client->alert_received()->description, GNUTLS_A_NO_APPLICATION_PROTOCOL);
  });
  in_all_ways({}, {}, [](ProtocolVersion, Role gnutls, const auto& of_client, const auto& of_server) {
    Loopback pair(gnutls, of_client, of_server);
    pair.run();
    Peer& one = gnutls == Role::client ? *pair.client : *pair.server;
    Peer& other = gnutls == Role::client ? *pair.server : *pair.client;
    Bytes forged(40);
    forged[0] = 23, forged[1] = forged[2] = 3, forged[4] = 35;
    one.receive(forged);
    EXPECT_EQ(one.status(), Status::failed);
    EXPECT_EQ(one.alert_sent(), (AlertSeen{2, GNUTLS_A_BAD_RECORD_MAC, false}));
    pair.run();
    ASSERT_TRUE(other.alert_received());
    EXPECT_EQ(other.alert_received()->description, GNUTLS_A_BAD_RECORD_MAC);
  });
}

TEST(gnutls_peer, ends_with_the_stream_without_a_word) {
  GnuTlsPeer server(Role::server, {}, 1);
  server.receive_end_of_stream();
  EXPECT_EQ(server.status(), Status::failed);
  EXPECT_EQ(server.alert_sent(), std::nullopt);
  EXPECT_TRUE(server.take_output().empty());
}

TEST(gnutls_peer, resumes_a_session_of_tls12) {
  PeerConfig config;
  config.versions = {ProtocolVersion::tls12};
  GnuTlsPeer before(Role::client, config, 1);
  PeerConfig of_server = config;
  of_server.sessions = std::make_shared<SessionCache>();
  const auto first = tocsin_server(of_server, 2), second = tocsin_server(of_server, 3);
  exchange(before, *first);
  before.close();
  exchange(before, *first);
  GnuTlsPeer again(Role::client, config, 4, &before);
  exchange(again, *second);
  expect_agreement(again, *second, ProtocolVersion::tls12);
  EXPECT_TRUE(again.negotiated().resumed);
  EXPECT_TRUE(second->negotiated().resumed);
}

// So randomness and clocks are those of the harness in GnuTLS's own calls, too.
TEST(gnutls_peer, is_reproducible_to_the_byte) {
  for (const CertificateKind kind : {CertificateKind::ecdsa_p256, CertificateKind::rsa2048}) {
    PeerConfig client, server;
    server.certificate = kind;
    in_all_ways(client, server, [](ProtocolVersion, Role gnutls, const auto& of_client, const auto& of_server) {
      const Bytes first = Loopback(gnutls, of_client, of_server).run();
      EXPECT_EQ(first, Loopback(gnutls, of_client, of_server).run());
      EXPECT_GT(first.size(), 500u);
    });
  }
  const Bytes hello = GnuTlsPeer(Role::client, {}, 1).take_output();
  EXPECT_EQ(hello, GnuTlsPeer(Role::client, {}, 1).take_output());
  EXPECT_NE(hello, GnuTlsPeer(Role::client, {}, 2).take_output());
}

}  // namespace
}  // namespace tocsin::stacks
