#include "harnesses/script/tls12/honest_peer.h"

#include <gtest/gtest.h>

#include "harnesses/script/scripted_peer.h"
#include "harnesses/script/testing.h"
#include "harnesses/script/tls12/testing.h"
#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::script {
namespace {

using stacks::PeerConfig;
using stacks::Status;

ScriptedPeerConfig server_config() { return scripted_server(ProtocolVersion::tls12); }
ScriptedPeerConfig client_config() { return scripted_client(ProtocolVersion::tls12); }

std::vector<std::unique_ptr<stacks::Peer>> clients() {
  std::vector<std::unique_ptr<stacks::Peer>> both;
  both.push_back(stacks::tocsin_client(of_tls12(), 1));
  both.push_back(std::make_unique<stacks::OpenSslPeer>(stacks::Role::client, of_tls12(), 1));
  return both;
}
std::vector<std::unique_ptr<stacks::Peer>> servers(const PeerConfig& config) {
  std::vector<std::unique_ptr<stacks::Peer>> both;
  both.push_back(stacks::tocsin_server(config, 1));
  both.push_back(std::make_unique<stacks::OpenSslPeer>(stacks::Role::server, config, 1));
  return both;
}

TEST(HonestPeerOfTls12, a_server_completes_with_both_stacks) {
  for (const auto& client : clients()) {
    ScriptedPeer peer(server_config());
    peer.play(honest_old_server(), *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(), Status::complete) << client->failure();
    EXPECT_EQ(client->negotiated().version, ProtocolVersion::tls12);
    EXPECT_EQ(text_of(client->take_application_data()), "ddddd");
    EXPECT_TRUE(client->is_closed_by_other_end());
  }
}

TEST(HonestPeerOfTls12, a_server_may_ask_for_a_certificate_and_give_a_ticket) {
  Script script = honest_old_server();
  script.insert(script.begin() + 3, {What::certificate_request});
  for (const auto& client : clients()) {
    ScriptedPeer peer(server_config());
    peer.play(script, *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(), Status::complete) << client->failure();
  }
}

TEST(HonestPeerOfTls12, a_client_completes_with_both_stacks) {
  for (const auto& server : servers(of_tls12())) {
    ScriptedPeer peer(client_config());
    peer.play(honest_old_client(), *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(), Status::complete) << server->failure();
    EXPECT_EQ(text_of(server->take_application_data()), "ddddd");
  }
}

TEST(HonestPeerOfTls12, a_client_shows_its_certificate_or_none) {
  PeerConfig asking = of_tls12();
  asking.client_authentication = ClientAuthentication::optional;
  for (const bool has_certificate : {false, true}) {
    for (const auto& server : servers(asking)) {
      ScriptedPeerConfig config = client_config();
      if (has_certificate) config.certificate = stacks::certified_key_of(stacks::ClientCertificate::ecdsa_p256);
      config.client_authentication = asking.client_authentication;
      Script script = honest_old_client_with_certificate();
      if (!has_certificate) script.erase(script.begin() + 3);
      ScriptedPeer peer(std::move(config));
      peer.play(script, *server);
      EXPECT_TRUE(peer.has_proved_itself());
      EXPECT_EQ(server->status(), Status::complete) << server->failure();
    }
  }
}

TEST(HonestPeerOfTls12, a_finished_that_is_changed_is_refused) {
  for (const auto& server : servers(of_tls12())) {
    Script script = honest_old_client();
    script[3].edits = {{0, Edit::How::flip, 1}};
    ScriptedPeer peer(client_config());
    peer.play(script, *server);
    EXPECT_FALSE(peer.has_proved_itself());
    EXPECT_EQ(server->status(), Status::failed);
    EXPECT_EQ(server->alert_sent(), (stacks::AlertSeen{2, 51, true}));
  }
}

/// Plays a whole handshake that begins a session; what came of that.
std::shared_ptr<const Session> begin_session(ScriptedPeerConfig config, Script script, SessionBy by, stacks::Peer& other) {
  config.begins_session = by;
  script.insert(script.end() - 1, {What::end_closes});
  ScriptedPeer peer(std::move(config));
  peer.play(script, other);
  EXPECT_EQ(other.status(), Status::complete) << other.failure();
  return peer.session();
}

const Script resumption{{What::hello}, {What::change_cipher_spec}, {What::finished}, {What::application_data, {}, {}, {}, 5}};

TEST(HonestPeerOfTls12, a_server_goes_on_with_the_session_of_a_client) {
  for (const SessionBy by : {SessionBy::ticket, SessionBy::id}) {
    PeerConfig of_client = of_tls12();
    of_client.sessions = std::make_shared<SessionCache>();
    Script first = honest_old_server();
    if (by == SessionBy::ticket) {
      first[0].argument = promises_ticket;
      first.insert(first.begin() + 4, {What::new_session_ticket});
    }
    ScriptedPeerConfig config = server_config();
    config.session = begin_session(config, first, by, *stacks::tocsin_client(of_client, 1));
    ASSERT_TRUE(config.session);
    EXPECT_EQ(config.session->ticket.empty(), by == SessionBy::id);
    const auto client = stacks::tocsin_client(of_client, 2);
    ScriptedPeer peer(std::move(config));
    peer.play(resumption, *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(), Status::complete) << client->failure();
    EXPECT_EQ(text_of(client->take_application_data()), "ddddd");
  }
}

TEST(HonestPeerOfTls12, a_server_goes_on_with_a_session_of_openssl) {
  ScriptedPeerConfig config = server_config();
  stacks::OpenSslPeer first(stacks::Role::client, of_tls12(), 1);
  config.session = begin_session(config, honest_old_server(), SessionBy::id, first);
  stacks::OpenSslPeer client(stacks::Role::client, of_tls12(), 2, {}, first.session().get());
  ScriptedPeer peer(std::move(config));
  peer.play(resumption, client);
  EXPECT_TRUE(peer.has_proved_itself());
  EXPECT_EQ(client.status(), Status::complete) << client.failure();
}

TEST(HonestPeerOfTls12, a_client_goes_on_with_the_session_of_a_server) {
  for (const SessionBy by : {SessionBy::ticket, SessionBy::id}) {
    PeerConfig of_server = of_tls12();
    if (by == SessionBy::ticket)
      of_server.ticket_secret = Bytes(32, 1);
    else
      of_server.sessions = std::make_shared<SessionCache>();
    ScriptedPeerConfig config = client_config();
    config.session = begin_session(config, honest_old_client(), by, *stacks::tocsin_server(of_server, 1));
    ASSERT_TRUE(config.session);
    const auto server = stacks::tocsin_server(of_server, 2);
    ScriptedPeer peer(std::move(config));
    peer.play(resumption, *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(), Status::complete) << server->failure();
    EXPECT_EQ(text_of(server->take_application_data()), "ddddd");
  }
}

// What resumes in the one is not all that a full handshake needs.
TEST(HonestPeerOfTls12, the_messages_of_a_resumption_prove_nothing_without_a_session) {
  const auto client = stacks::tocsin_client(of_tls12(), 1);
  ScriptedPeer peer(server_config());
  peer.play(resumption, *client);
  EXPECT_FALSE(peer.has_proved_itself());
  EXPECT_EQ(client->status(), Status::failed);
}

}  // namespace
}  // namespace tocsin::script
