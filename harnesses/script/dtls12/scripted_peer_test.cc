#include "harnesses/script/dtls12/scripted_peer.h"

#include <gtest/gtest.h>

#include "harnesses/script/dtls12/testing.h"
#include "harnesses/script/tls12/testing.h"
#include "harnesses/stacks/openssl/endpoint.h"
#include "harnesses/stacks/tocsin/endpoint.h"

namespace tocsin::script::dtls12 {
namespace {

using stacks::PeerConfig;
using stacks::Status;

constexpr stacks::Address peer_address{0};

ScriptedPeerConfig server_config() { return scripted_server(ProtocolVersion::dtls12); }
ScriptedPeerConfig client_config() { return scripted_client(ProtocolVersion::dtls12); }

std::vector<std::unique_ptr<stacks::Endpoint>> clients() {
  std::vector<std::unique_ptr<stacks::Endpoint>> both;
  both.push_back(std::make_unique<stacks::TocsinClientEndpoint>(of_tls12(), 1, peer_address, begin_of_time));
  both.push_back(stacks::OpenSslEndpoint::client(of_tls12(), 1, peer_address));
  return both;
}
std::vector<std::unique_ptr<stacks::Endpoint>> servers(const PeerConfig& config) {
  std::vector<std::unique_ptr<stacks::Endpoint>> both;
  both.push_back(std::make_unique<stacks::TocsinServerEndpoint>(config, 1));
  both.push_back(stacks::OpenSslEndpoint::server(config, 1));
  return both;
}

std::string delivered_to(stacks::Endpoint& end) {
  std::string all;
  for (const Bytes& data : end.take_application_data(peer_address)) all += std::to_string(data.size()) + ' ';
  return all;
}

TEST(ScriptedPeerOfDtls, a_server_completes_with_both_stacks) {
  for (const auto& client : clients()) {
    ScriptedPeer peer(server_config());
    peer.play(honest_server(), *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(peer_address), Status::complete) << client->failure(peer_address);
    EXPECT_EQ(delivered_to(*client), "5 ");
    EXPECT_TRUE(client->is_closed_by(peer_address));
  }
}

TEST(ScriptedPeerOfDtls, a_client_completes_with_both_stacks) {
  for (const auto& server : servers(of_tls12())) {
    ScriptedPeer peer(client_config());
    peer.play(honest_client(), *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(peer_address), Status::complete) << server->failure(peer_address);
    EXPECT_EQ(delivered_to(*server), "5 ");
  }
}

TEST(ScriptedPeerOfDtls, a_client_shows_its_certificate_to_both_stacks) {
  PeerConfig config = of_tls12();
  config.client_authentication = ClientAuthentication::required;
  config.client_certificate = stacks::ClientCertificate::ecdsa_p256;
  for (const auto& server : servers(config)) {
    ScriptedPeerConfig of_peer = client_config();
    of_peer.certificate = stacks::tocsin_client_config(config).certificates.front();
    of_peer.client_authentication = config.client_authentication;
    ScriptedPeer peer(of_peer);
    peer.play(honest_client_with_certificate(), *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(peer_address), Status::complete) << server->failure(peer_address);
  }
}

//= RFC 6347 4.2.3 //# DTLS implementations MUST be able to handle overlapping fragment ranges.
TEST(ScriptedPeerOfDtls, fragments_in_any_arrangement_complete_with_both_stacks) {
  for (const Fragments fragments : {Fragments::in_order, Fragments::reversed, Fragments::overlapping}) {
    Script script = honest_server();
    script[2].fragments = script[3].fragments = fragments;
    script[2].fragment_bytes = script[3].fragment_bytes = 50;
    for (const auto& client : clients()) {
      ScriptedPeer peer(server_config());
      peer.play(script, *client);
      EXPECT_TRUE(peer.has_proved_itself());
      EXPECT_EQ(client->status(peer_address), Status::complete) << client->failure(peer_address) << to_text(script);
    }
  }
}

TEST(ScriptedPeerOfDtls, a_lost_fragment_comes_with_the_flight_again) {
  Script script = honest_server();
  script[3].fragments = Fragments::one_missing;
  script[3].fragment_bytes = 50;
  stacks::TocsinClientEndpoint without(of_tls12(), 1, peer_address, begin_of_time);
  ScriptedPeer forgets(server_config());
  forgets.play(script, without);
  EXPECT_FALSE(forgets.has_proved_itself());
  EXPECT_EQ(without.status(peer_address), Status::handshaking);

  script.insert(script.begin() + 5, {What::flight_again});
  for (const auto& client : clients()) {
    ScriptedPeer peer(server_config());
    peer.play(script, *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(peer_address), Status::complete) << client->failure(peer_address);
  }
}

TEST(ScriptedPeerOfDtls, what_the_end_sends_can_be_lost) {
  Script script = honest_client();
  script.insert(script.begin() + 1, {What::lose});
  script.insert(script.begin() + 3, {What::wait});
  stacks::TocsinServerEndpoint server(of_tls12(), 1);
  ScriptedPeer peer(client_config());
  peer.play(script, server);
  EXPECT_EQ(server.status(peer_address), Status::complete) << server.failure(peer_address);
}

TEST(ScriptedPeerOfDtls, a_wrong_or_unprotected_finished_is_no_proof) {
  Script edited = honest_server(), unprotected = honest_server(), early = honest_server();
  edited[6].edits = {{3, Edit::How::flip, 1}};
  unprotected[6].under = Under::plaintext;
  early.erase(early.begin() + 4);
  for (const Script& script : {edited, unprotected, early}) {
    stacks::TocsinClientEndpoint client(of_tls12(), 1, peer_address, begin_of_time);
    ScriptedPeer peer(server_config());
    peer.play(script, client);
    EXPECT_FALSE(peer.has_proved_itself()) << to_text(script);
    EXPECT_NE(client.status(peer_address), Status::complete);
  }
}

}  // namespace
}  // namespace tocsin::script::dtls12
