#include "harnesses/differential/expectation.h"

#include <gtest/gtest.h>

namespace tocsin::differential {
namespace {

using stacks::PeerConfig;

TEST(expectation, equal_configurations_complete_with_the_servers_favourites) {
  PeerConfig server;
  server.cipher_suites = {CipherSuite::aes_256_gcm_sha384, CipherSuite::aes_128_gcm_sha256};
  const Expectation expected = expect({}, server, Stack::tocsin);
  EXPECT_TRUE(expected.completes);
  EXPECT_EQ(expected.cipher_suite, CipherSuite::aes_256_gcm_sha384);
  EXPECT_EQ(expected.group, NamedGroup::x25519);
  EXPECT_FALSE(expected.retried);
}

TEST(expectation, a_group_without_a_share_needs_a_retry) {
  PeerConfig server;
  server.groups = {NamedGroup::secp384r1};
  EXPECT_TRUE(expect({}, server, Stack::openssl).retried);
}

TEST(expectation, of_several_shares_tocsin_takes_its_own_favourite_and_openssl_the_clients) {
  PeerConfig client, server;
  client.key_shares = 2;
  server.groups = {NamedGroup::secp256r1, NamedGroup::x25519};
  EXPECT_EQ(expect(client, server, Stack::tocsin).group, NamedGroup::secp256r1);
  EXPECT_EQ(expect(client, server, Stack::openssl).group, NamedGroup::x25519);
}

TEST(expectation, nothing_in_common_fails_with_the_alert_for_it) {
  PeerConfig server, protocols, client;
  server.groups = {NamedGroup::secp384r1};
  client.groups = {NamedGroup::x25519};
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::handshake_failure));
  protocols.application_protocols = {"a"};
  client = {};
  client.application_protocols = {"b"};
  EXPECT_TRUE(expect(client, protocols, Stack::tocsin).alerts.has(AlertDescription::no_application_protocol));
  client = {};
  client.server_name = "other.test";
  EXPECT_TRUE(expect(client, {}, Stack::tocsin).alerts.has(AlertDescription::bad_certificate));
  EXPECT_FALSE(expect(client, {}, Stack::tocsin).completes);
}

TEST(expectation, a_client_without_a_certificate_that_suits_is_refused_only_where_one_is_required) {
  PeerConfig client, server;
  client.client_certificate = stacks::ClientCertificate::ed25519;
  server.client_authentication = ClientAuthentication::required;
  EXPECT_TRUE(expect(client, server, Stack::tocsin).client_authenticates);
  server.signature_schemes = {SignatureScheme::ecdsa_secp256r1_sha256};
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::certificate_required));
  server.client_authentication = ClientAuthentication::optional;
  EXPECT_TRUE(expect(client, server, Stack::tocsin).completes);
  EXPECT_FALSE(expect(client, server, Stack::tocsin).client_authenticates);
  client.client_certificate = stacks::ClientCertificate::expired;
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::certificate_expired));
}

TEST(expectation, the_highest_common_version_is_spoken_and_without_one_there_is_an_alert_for_that) {
  using enum ProtocolVersion;
  PeerConfig client, server;
  client.versions = {tls12};
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::protocol_version));
  server.versions = {tls12, tls13};
  const Expectation expected = expect(client, server, Stack::tocsin);
  EXPECT_TRUE(expected.completes);
  EXPECT_EQ(expected.version, tls12);
  EXPECT_EQ(expected.cipher_suite, CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256);
  client.versions = server.versions;
  EXPECT_EQ(expect(client, server, Stack::tocsin).version, tls13);
}

TEST(expectation, in_tls_1_2_the_kind_of_key_chooses_the_suite_and_its_curve_has_to_be_offered) {
  PeerConfig client, server;
  client.versions = server.versions = {ProtocolVersion::tls12};
  client.groups = {NamedGroup::x25519};
  client.key_shares = 0;
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::handshake_failure));
  server.certificate = stacks::CertificateKind::rsa2048;
  const Expectation expected = expect(client, server, Stack::tocsin);
  EXPECT_TRUE(expected.completes);
  EXPECT_EQ(expected.cipher_suite, CipherSuite::ecdhe_rsa_aes_128_gcm_sha256);
  EXPECT_FALSE(expected.retried);
}

TEST(expectation, a_missing_client_certificate_is_a_handshake_failure_in_tls_1_2) {
  PeerConfig client, server;
  client.versions = server.versions = {ProtocolVersion::tls12};
  server.client_authentication = ClientAuthentication::required;
  EXPECT_TRUE(expect(client, server, Stack::tocsin).alerts.has(AlertDescription::handshake_failure));
}

}  // namespace
}  // namespace tocsin::differential
