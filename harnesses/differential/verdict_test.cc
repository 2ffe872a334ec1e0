#include "harnesses/differential/verdict.h"

#include <gtest/gtest.h>

#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::differential {
namespace {

using stacks::Peer;
using stacks::PeerConfig;
using stacks::Role;

// What the server makes of this client's first flight.
Verdict answer_to(Peer& client, Peer& server) {
  server.receive(client.take_output());
  const Bytes sent = server.take_output();
  return verdict_of(server, Role::server, sent);
}

TEST(verdict, tells_what_a_server_chose_from_what_it_sent_whatever_the_stack) {
  PeerConfig client_config, server_config;
  client_config.application_protocols = {"a", "b"};
  server_config.application_protocols = {"b", "c"};
  server_config.cipher_suites = {CipherSuite::aes_256_gcm_sha384};
  const auto client = stacks::tocsin_client(client_config, 1), tocsin = stacks::tocsin_server(server_config, 2);
  stacks::OpenSslPeer openssl_client(Role::client, client_config, 3), openssl(Role::server, server_config, 4);
  for (const Verdict& verdict : {answer_to(*client, openssl), answer_to(openssl_client, *tocsin)}) {
    EXPECT_EQ(verdict.end, End::waiting);
    EXPECT_TRUE(verdict.answered);
    EXPECT_FALSE(verdict.retried);
    EXPECT_EQ(verdict.cipher_suite, CipherSuite::aes_256_gcm_sha384);
    EXPECT_EQ(verdict.group, NamedGroup::x25519);
    EXPECT_EQ(verdict.application_protocol, "b");
  }
}

TEST(verdict, tells_a_retry_on_both_sides) {
  PeerConfig server_config;
  server_config.groups = {NamedGroup::secp384r1};
  stacks::OpenSslPeer client(Role::client, {}, 3);
  const auto server = stacks::tocsin_server(server_config, 2);
  Bytes client_sent = client.take_output();
  server->receive(client_sent);
  const Bytes server_sent = server->take_output();
  client.receive(server_sent);
  append(client_sent, client.take_output());
  const Verdict of_server = verdict_of(*server, Role::server, server_sent);
  EXPECT_TRUE(of_server.retried && !of_server.answered);
  EXPECT_EQ(of_server.group, NamedGroup::secp384r1);
  const Verdict of_client = verdict_of(client, Role::client, client_sent);
  EXPECT_TRUE(of_client.retried && !of_client.answered);
}

TEST(verdict, tells_who_ended_a_handshake) {
  PeerConfig other;
  other.groups = {NamedGroup::secp384r1};
  PeerConfig config;
  config.groups = {NamedGroup::x25519};
  stacks::OpenSslPeer client(Role::client, config, 3);
  const auto server = stacks::tocsin_server(other, 2);
  server->receive(client.take_output());
  const Bytes alert = server->take_output();
  client.receive(alert);
  const Verdict of_server = verdict_of(*server, Role::server, alert), of_client = verdict_of(client, Role::client, {});
  EXPECT_EQ(of_server.end, End::rejected);
  EXPECT_EQ(of_server.alert->description, 40);
  EXPECT_EQ(of_client.end, End::told);
  EXPECT_NE(describe(of_server).find("rejected, alert 40 handshake_failure (no_common_group"), std::string::npos)
      << describe(of_server);
}

}  // namespace
}  // namespace tocsin::differential
