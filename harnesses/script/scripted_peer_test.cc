#include "harnesses/script/scripted_peer.h"

#include <gtest/gtest.h>

#include "harnesses/script/testing.h"
#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/tocsin/peer.h"

namespace tocsin::script {
namespace {

using stacks::PeerConfig;
using stacks::Status;

ScriptedPeer scripted_server() {
  const ServerConfig config = stacks::tocsin_server_config({});
  return ScriptedPeer({Role::server, config.provider, config.certificates.front()});
}
ScriptedPeer scripted_client() { return ScriptedPeer({Role::client, stacks::tocsin_client_config({}).provider, nullptr}); }

std::vector<std::unique_ptr<stacks::Peer>> clients(const PeerConfig& config = {}) {
  std::vector<std::unique_ptr<stacks::Peer>> both;
  both.push_back(stacks::tocsin_client(config, 1));
  both.push_back(std::make_unique<stacks::OpenSslPeer>(stacks::Role::client, config, 1));
  return both;
}
std::vector<std::unique_ptr<stacks::Peer>> servers(const PeerConfig& config = {}) {
  std::vector<std::unique_ptr<stacks::Peer>> both;
  both.push_back(stacks::tocsin_server(config, 1));
  both.push_back(std::make_unique<stacks::OpenSslPeer>(stacks::Role::server, config, 1));
  return both;
}

TEST(ScriptedPeer, an_honest_server_script_completes_with_both_stacks) {
  for (const auto& client : clients()) {
    ScriptedPeer peer = scripted_server();
    peer.play(honest_server(), *client);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(client->status(), Status::complete) << client->failure();
    EXPECT_EQ(text_of(client->take_application_data()), "dddddddddd");
    EXPECT_TRUE(client->is_closed_by_other_end());
  }
}

TEST(ScriptedPeer, an_honest_client_script_completes_with_both_stacks) {
  for (const auto& server : servers()) {
    ScriptedPeer peer = scripted_client();
    peer.play(honest_client(), *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(), Status::complete) << server->failure();
    EXPECT_EQ(text_of(server->take_application_data()), "dddddddddd");
  }
}

//= RFC 9846 4.2.4 //# Otherwise, the client MUST process all extensions in the HelloRetryRequest and send a
//= RFC 9846 4.2.1 //# the server MUST respond with a HelloRetryRequest (Section 4.2.4) message.
TEST(ScriptedPeer, retries_work_in_both_roles) {
  Script script = honest_server();
  script.insert(script.begin(), {What::retry, Keys::as_due, false, false, 1});
  for (const auto& client : clients()) {
    ScriptedPeer peer = scripted_server();
    peer.play(script, *client);
    EXPECT_EQ(client->status(), Status::complete) << client->failure();
  }
  script = honest_client();
  script[0].argument = 4;
  script.insert(script.begin() + 1, {What::retry});
  for (const auto& server : servers()) {
    ScriptedPeer peer = scripted_client();
    peer.play(script, *server);
    EXPECT_EQ(server->status(), Status::complete) << server->failure();
  }
}

//= RFC 9846 5.4 //# Implementations MUST NOT send Handshake and Alert records that have a zero-length
TEST(ScriptedPeer, an_alert_can_be_edited_and_an_empty_one_is_refused) {
  const Step empty_alert{What::alert, Keys::as_due, false, false, 80, 0, {{0, Edit::How::cut, 0}}};
  const auto tocsin_client = stacks::tocsin_client({}, 1);
  ScriptedPeer peer = scripted_server();
  peer.play({{What::hello}, empty_alert}, *tocsin_client);
  ASSERT_TRUE(tocsin_client->alert_sent());
  EXPECT_EQ(tocsin_client->alert_sent()->description, static_cast<std::uint8_t>(AlertDescription::unexpected_message));
}

/// With a certificate of that kind, for a server that requires one.
ScriptedPeer authenticating_client(stacks::ClientCertificate certificate) {
  ScriptedPeerConfig config{Role::client, stacks::tocsin_client_config({}).provider, stacks::certified_key_of(certificate)};
  config.client_authentication = ClientAuthentication::required;
  return ScriptedPeer(config);
}

PeerConfig server_that(ClientAuthentication client_authentication) {
  PeerConfig config;
  config.client_authentication = client_authentication;
  return config;
}

TEST(ScriptedPeer, a_client_authenticates_itself_to_both_stacks) {
  for (const auto& server : servers(server_that(ClientAuthentication::required))) {
    ScriptedPeer peer = authenticating_client(stacks::ClientCertificate::rsa2048);
    peer.play(honest_client_with_certificate(), *server);
    EXPECT_TRUE(peer.has_proved_itself());
    EXPECT_EQ(server->status(), Status::complete) << server->failure();
    EXPECT_EQ(server->negotiated().client_certificate,
              stacks::certified_key_of(stacks::ClientCertificate::rsa2048)->chain.front());
  }
}

//= RFC 9846 4.5.2 //# If the verification fails, the receiver MUST terminate the handshake with a
//= RFC 9846 4.5.3 //# Recipients of Finished messages MUST verify that the contents are correct and if
TEST(ScriptedPeer, a_client_whose_proof_is_edited_is_refused_with_decrypt_error) {
  for (const std::size_t proof : {3u, 4u})
    for (const auto& server : servers(server_that(ClientAuthentication::optional))) {
      Script script = honest_client_with_certificate();
      script[proof].edits.push_back({20, Edit::How::flip, 1});
      ScriptedPeer peer = authenticating_client(stacks::ClientCertificate::ed25519);
      peer.play(script, *server);
      EXPECT_FALSE(peer.has_proved_itself());
      ASSERT_TRUE(server->alert_sent()) << to_text(script);
      EXPECT_EQ(server->alert_sent()->description, 51) << to_text(script);
    }
}

//= RFC 9846 4.5.2 //# In addition, the signature algorithm MUST be compatible with the key in the sender's
TEST(ScriptedPeer, a_client_that_signs_with_a_scheme_it_was_not_offered_is_refused) {
  PeerConfig config = server_that(ClientAuthentication::optional);
  config.signature_schemes = {SignatureScheme::ecdsa_secp256r1_sha256};
  const auto both = servers(config);
  for (const auto& server : both) {
    ScriptedPeer peer = authenticating_client(stacks::ClientCertificate::ed25519);
    peer.play(honest_client_with_certificate(), *server);
    ASSERT_TRUE(server->alert_sent());
    EXPECT_EQ(server->alert_sent()->description, server == both.front() ? 47 : 40);  // OpenSSL's is handshake_failure
  }
}

TEST(ScriptedPeer, a_client_that_was_asked_has_to_answer) {
  const Script whole = honest_client_with_certificate();
  for (const std::size_t left_out : {2u, 3u})
    for (const auto& server : servers(server_that(ClientAuthentication::optional))) {
      Script script = whole;
      script.erase(script.begin() + static_cast<std::ptrdiff_t>(left_out));
      ScriptedPeer peer = authenticating_client(stacks::ClientCertificate::ecdsa_p256);
      peer.play(script, *server);
      EXPECT_FALSE(peer.has_proved_itself());
      ASSERT_TRUE(server->alert_sent()) << to_text(script);
      EXPECT_EQ(server->alert_sent()->description, 10) << to_text(script);
    }
}

TEST(ScriptedPeer, an_empty_certificate_is_an_answer_where_it_is_optional_however_it_was_made) {
  Script by_edits = honest_client_with_certificate();
  by_edits.erase(by_edits.begin() + 3);
  by_edits[2].edits = {{2, Edit::How::set, 0}, {3, Edit::How::set, 0}, {4, Edit::How::cut, 0}};
  Script from_the_beginning = by_edits;
  from_the_beginning[2].edits.clear();
  for (const auto wanted : {ClientAuthentication::optional, ClientAuthentication::required})
    for (const bool is_edited : {false, true})
      for (const auto& server : servers(server_that(wanted))) {
        ScriptedPeerConfig config{Role::client, stacks::tocsin_client_config({}).provider, nullptr};
        if (is_edited) config.certificate = stacks::certified_key_of(stacks::ClientCertificate::ecdsa_p256);
        config.client_authentication = wanted;
        ScriptedPeer peer(config);
        peer.play(is_edited ? by_edits : from_the_beginning, *server);
        const bool is_served = wanted == ClientAuthentication::optional;
        EXPECT_EQ(peer.has_proved_itself(), is_served);
        EXPECT_EQ(server->status() == Status::complete, is_served) << server->failure();
        if (is_served) continue;
        ASSERT_TRUE(server->alert_sent());
        EXPECT_EQ(server->alert_sent()->description, 116);
      }
}

//= RFC 9846 4.5.2 //# If the verification fails, the receiver MUST terminate the handshake with a
//= RFC 9846 4.5.3 //# Recipients of Finished messages MUST verify that the contents are correct and if
TEST(ScriptedPeer, an_edited_proof_arrives_in_a_valid_record_and_is_refused_with_decrypt_error) {
  for (const std::size_t proof : {3u, 4u})
    for (const auto& client : clients()) {
      Script script = honest_server();
      script[proof].edits.push_back({20, Edit::How::flip, 1});
      ScriptedPeer peer = scripted_server();
      peer.play(script, *client);
      EXPECT_FALSE(peer.has_proved_itself());
      EXPECT_EQ(client->status(), Status::failed);
      ASSERT_TRUE(client->alert_sent()) << to_text(script);
      EXPECT_EQ(client->alert_sent()->description, 51) << to_text(script);
    }
}

//= RFC 9846 4.3 //# Upon receiving such an extension, an endpoint MUST abort the handshake with an
TEST(ScriptedPeer, an_unasked_extension_under_a_valid_finished_is_refused) {
  Script script = honest_server();
  // An ALPN answer, with its lengths, in EncryptedExtensions: inserted before the empty block's end.
  script[1].edits = {{1, Edit::How::set, 4}, {2, Edit::How::insert, 0}, {2, Edit::How::insert, 16}};
  const Bytes binary = to_binary(script);
  EXPECT_EQ(to_text(parse(binary)), to_text(script));
  for (const auto& client : clients()) {
    ScriptedPeer peer = scripted_server();
    peer.play(script, *client);
    EXPECT_EQ(client->status(), Status::failed);
    ASSERT_TRUE(client->alert_sent());
  }
}

TEST(ScriptedPeer, the_binary_form_keeps_a_script) {
  Script script = honest_server();
  script[2].fragment_bytes = 7;
  script[3].edits = {{1, Edit::How::erase, 0}, {2, Edit::How::lie_about_length, 3}};
  script[4].twice = true;
  script[5].keys = Keys::handshake;
  EXPECT_EQ(to_text(parse(to_binary(script))), to_text(script));
}

}  // namespace
}  // namespace tocsin::script
