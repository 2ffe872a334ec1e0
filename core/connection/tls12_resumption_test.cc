// Resumption in TLS 1.2: what is resumed, and what is not and goes on as a full handshake.
#include <gtest/gtest.h>

#include "core/connection/tls12_resumption_testing.h"

namespace tocsin {
namespace {

using testing::By;
using testing::ConnectionPair;
using testing::key_of;
using testing::now;
using testing::Resuming;
using enum ProtocolVersion;

constexpr std::optional<bool> resumed{true}, in_full{false};
constexpr By both_ways[] = {By::ticket, By::session_id};

UnixSeconds after(std::int64_t seconds) { return UnixSeconds{static_cast<std::int64_t>(testing::date) + seconds}; }

TEST(Tls12Resumption, a_second_connection_resumes_the_first_and_carries_data) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ASSERT_EQ(ends.run(), in_full);
    const Negotiated first = ends.of_server;
    for (int i = 0; i < 3; ++i) {
      ConnectionPair pair = ends.pair();
      ASSERT_TRUE(pair.run_handshake());
      EXPECT_TRUE(pair.client().negotiated().resumed);
      EXPECT_TRUE(pair.server().negotiated().resumed);
      EXPECT_EQ(pair.client().negotiated().cipher_suite, first.cipher_suite);
      EXPECT_EQ(pair.server().negotiated().server_name, "localhost");
      EXPECT_EQ(pair.server().negotiated().group, NamedGroup{});
      Bytes ours(40), theirs(40);
      ASSERT_TRUE(pair.client().export_keying_material("label", {}, ours, pair.client_out));
      ASSERT_TRUE(pair.server().export_keying_material("label", {}, theirs, pair.server_out));
      EXPECT_EQ(ours, theirs);
      ASSERT_TRUE(pair.client().send(Bytes(40000, 7), pair.client_out));
      ASSERT_TRUE(pair.server().send(bytes_of("answer"), pair.server_out));
      pair.pump();
      EXPECT_EQ(pair.server_out.application_data, Bytes(40000, 7));
      EXPECT_EQ(text_of(pair.client_out.application_data), "answer");
    }
  }
}

TEST(Tls12Resumption, is_off_unless_both_ends_are_configured_for_it) {
  for (const By by : both_ways) {
    Resuming no_client(by);
    no_client.client.sessions = nullptr;
    EXPECT_EQ(no_client.run(), in_full);
    EXPECT_EQ(no_client.run(), in_full);
    Resuming no_server(by);
    no_server.server.sessions = nullptr;
    no_server.server.ticket_secret = {};
    EXPECT_EQ(no_server.run(), in_full);
    EXPECT_EQ(no_server.run(), in_full);
    EXPECT_EQ(no_server.cache->size(), 0u);
  }
  Resuming short_secret;
  short_secret.server.ticket_secret = Secret(Bytes(31, 3));
  EXPECT_EQ(short_secret.run(), in_full);
  EXPECT_EQ(short_secret.run(), in_full);
}

TEST(Tls12Resumption, without_the_time_nothing_is_kept) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.verifier = insecure_trust_anyone();
    ends.at = {};
    EXPECT_EQ(ends.run(), in_full);
    EXPECT_EQ(ends.run(), in_full);
    EXPECT_EQ(ends.cache->size(), 0u);
  }
}

TEST(Tls12Resumption, a_session_is_resumed_until_it_is_too_old_however_often_it_was) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ASSERT_EQ(ends.run(), in_full);
    for (const std::int64_t seconds : {1, 3600, 7199}) {
      ends.at = after(seconds);
      EXPECT_EQ(ends.run(), resumed) << seconds;
    }
    ends.at = after(7200);
    EXPECT_EQ(ends.run(), in_full);
    ends.at = after(7199);  // from the future
    EXPECT_EQ(ends.run(), in_full);
  }
}

TEST(Tls12Resumption, each_end_has_its_own_say_on_how_old_is_too_old) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.session_lifetime_s = 50;
    ASSERT_EQ(ends.run(), in_full);
    ends.at = after(49);
    EXPECT_EQ(ends.run(), resumed);
    ends.at = after(50);
    EXPECT_EQ(ends.run(), in_full);
    Resuming others(by);
    others.client.session_lifetime_s = 86400;
    others.server.session_lifetime_s = 100;
    ASSERT_EQ(others.run(), in_full);
    others.at = after(99);
    EXPECT_EQ(others.run(), resumed);
    others.at = after(100);
    EXPECT_EQ(others.run(), in_full);
  }
}

/// The handshake's flights as in ConnectionPair, but the server gets the client's second one at another time.
bool completes(ConnectionPair& pair, UnixSeconds second_flight) {
  Output& from_client = pair.client_out;
  Output& from_server = pair.server_out;
  return pair.server().receive(std::exchange(from_client.to_peer, {}), now, from_server) &&
         pair.client().receive(std::exchange(from_server.to_peer, {}), now, from_client) &&
         pair.server().receive(std::exchange(from_client.to_peer, {}), {{}, second_flight}, from_server) &&
         pair.client().receive(std::exchange(from_server.to_peer, {}), {{}, second_flight}, from_client) &&
         pair.client().is_handshake_complete() && pair.server().is_handshake_complete();
}

TEST(Tls12Resumption, a_server_tells_a_session_s_age_from_the_end_of_its_full_handshake_on) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.session_lifetime_s = 86400;
    ConnectionPair first = ends.pair();
    ASSERT_TRUE(completes(first, after(100)));
    ends.at = after(7299);
    EXPECT_EQ(ends.run(), resumed);
    ends.at = after(7300);
    EXPECT_EQ(ends.run(), in_full);
  }
}

TEST(Tls12Resumption, a_server_that_does_not_know_the_time_any_more_keeps_nothing_and_sends_an_empty_ticket) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.verifier = insecure_trust_anyone();
    ConnectionPair first = ends.pair();
    ASSERT_TRUE(completes(first, {}));
    const std::size_t kept = by == By::session_id ? ends.servers_cache->size() : ends.cache->size();
    EXPECT_EQ(kept, 0u);
    EXPECT_EQ(ends.run(), in_full);
  }
}

TEST(Tls12Resumption, tickets_of_another_secret_lead_to_a_full_handshake_and_to_a_new_ticket) {
  Resuming ends;
  ASSERT_EQ(ends.run(), in_full);
  ends.server.ticket_secret = Secret(Bytes(32, 4));
  EXPECT_EQ(ends.run(), in_full);
  EXPECT_EQ(ends.run(), resumed);
}

TEST(Tls12Resumption, a_session_is_for_one_server_name) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ASSERT_EQ(ends.run(), in_full);
    // The client looks for one by name, so another name is put into its mouth.
    ConnectionPair pair = ends.pair();
    Bytes& hello = pair.client_out.to_peer;
    const std::string_view name = "localhost";
    const auto found = std::search(hello.begin(), hello.end(), name.begin(), name.end());
    ASSERT_NE(found, hello.end());
    *found = 'L';  // the same in lower case: what changes is the transcript
    ASSERT_TRUE(pair.server().receive(hello, testing::now, pair.server_out));
    EXPECT_LT(pair.server_out.to_peer.size(), 250u);  // without certificates
    ConnectionPair other = ends.pair();
    Bytes& other_hello = other.client_out.to_peer;
    *std::search(other_hello.begin(), other_hello.end(), name.begin(), name.end()) = 'k';
    ASSERT_TRUE(other.server().receive(other_hello, testing::now, other.server_out));
    EXPECT_GT(other.server_out.to_peer.size(), 500u);
  }
}

TEST(Tls12Resumption, a_suite_that_either_end_does_not_want_any_more_is_not_resumed) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.cipher_suites = {CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256};
    ASSERT_EQ(ends.run(), in_full);
    ends.client.cipher_suites = Resuming().client.cipher_suites;
    ends.server.cipher_suites = {CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384, CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256};
    EXPECT_EQ(ends.run(), resumed);  // what is preferred does not count
    ends.server.cipher_suites = {CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384};
    EXPECT_EQ(ends.run(), in_full);
    ends.client.cipher_suites = {CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256};
    ends.server.cipher_suites = Resuming().server.cipher_suites;
    EXPECT_EQ(ends.run(), in_full);
  }
}

TEST(Tls12Resumption, the_application_protocol_and_the_record_size_limit_are_negotiated_anew) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.application_protocols = ends.server.application_protocols = {"h2", "x"};
    ASSERT_EQ(ends.run(), in_full);
    ends.server.application_protocols = {"x"};
    ends.client.record_size_limit = ends.server.record_size_limit = 64;
    ConnectionPair pair = ends.pair();
    ASSERT_TRUE(pair.run_handshake());
    EXPECT_TRUE(pair.client().negotiated().resumed);
    EXPECT_EQ(pair.client().negotiated().application_protocol, "x");
    EXPECT_EQ(pair.server().negotiated().application_protocol, "x");
    ASSERT_TRUE(pair.server().send(Bytes(200, 1), pair.server_out));
    EXPECT_EQ(pair.server_out.to_peer.size(), 4 * (5 + 24) + 200u);
    ends.server.application_protocols = {"imap"};
    EXPECT_EQ(ends.run(), std::nullopt);
    EXPECT_EQ(ends.failed_server, std::optional<Error>(Fatal{Reason::no_common_application_protocol}));
  }
}

TEST(Tls12Resumption, what_was_proved_of_the_client_has_to_suffice_now) {
  const auto verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
  const auto of_others = *trust_clients_path("harnesses/testdata/other-ca.pem");
  for (const By by : both_ways) {
    Resuming ends(by);
    const auto ask = [&](ClientAuthentication wanted, const std::shared_ptr<const ClientCertificateVerifier>& whom) {
      ends.server.client_authentication = wanted;
      ends.server.client_verifier = whom;
    };
    ASSERT_EQ(ends.run(), in_full);
    ask(ClientAuthentication::optional, verifier);
    EXPECT_EQ(ends.run(), resumed);
    ask(ClientAuthentication::required, verifier);
    EXPECT_EQ(ends.run(), std::nullopt);
    EXPECT_EQ(ends.failed_server, std::optional<Error>(Fatal{Reason::client_certificate_missing}));

    ends.client.certificates = {key_of("client-ecdsa-p256")};
    const Bytes shown = ends.client.certificates[0]->chain[0];
    ASSERT_EQ(ends.run(), in_full);
    ASSERT_EQ(ends.run(), resumed);
    EXPECT_EQ(ends.of_server.client_certificate, shown);
    EXPECT_EQ(ends.of_client.client_certificate, shown);
    ask(ClientAuthentication::none, nullptr);
    ASSERT_EQ(ends.run(), in_full);
    EXPECT_TRUE(ends.of_server.client_certificate.empty());
    ask(ClientAuthentication::required, verifier);
    ASSERT_EQ(ends.run(), in_full);
    ask(ClientAuthentication::required, of_others);  // it is not trusted any more
    EXPECT_EQ(ends.run(), std::nullopt);
    EXPECT_EQ(ends.failed_server, std::optional<Error>(Fatal{Reason::certificate_issuer_unknown}));
  }
}

TEST(Tls12Resumption, a_certificate_that_expires_ends_what_was_built_on_it) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.server.client_authentication = ClientAuthentication::required;
    ends.server.client_verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
    ends.client.certificates = {key_of("client-ecdsa-p256")};
    ends.client.session_lifetime_s = ends.server.session_lifetime_s = 86400;
    // The last second of the client's certificate is looked for.
    const auto is_valid = [&](std::int64_t at) {
      const Bytes& leaf = ends.client.certificates[0]->chain[0];
      return bool(ends.server.client_verifier->verify(std::array{ByteView(leaf)}, UnixSeconds{at}));
    };
    std::int64_t valid = static_cast<std::int64_t>(testing::date), expired = valid + (std::int64_t{1} << 36);
    ASSERT_TRUE(is_valid(valid));
    ASSERT_FALSE(is_valid(expired));
    while (expired - valid > 1) (is_valid((valid + expired) / 2) ? valid : expired) = (valid + expired) / 2;
    ends.client.verifier = insecure_trust_anyone();
    ends.at = UnixSeconds{valid - 1};
    ASSERT_EQ(ends.run(), in_full);
    ends.at = UnixSeconds{valid};
    EXPECT_EQ(ends.run(), resumed);
    ends.at = UnixSeconds{expired};
    EXPECT_EQ(ends.run(), std::nullopt);
    EXPECT_EQ(ends.failed_server, std::optional<Error>(Fatal{Reason::certificate_expired}));
  }
}

TEST(Tls12Resumption, a_client_with_a_certificate_that_nobody_asked_for_resumes) {
  Resuming ends;
  ends.client.certificates = {testing::key_of("client-ecdsa-p256")};
  ASSERT_EQ(ends.run(), in_full);
  EXPECT_EQ(ends.run(), resumed);
}

TEST(Tls12Resumption, a_client_offers_nothing_that_a_full_handshake_would_refuse_or_not_show) {
  for (const By by : both_ways) {
    Resuming ends(by);
    ends.client.verifier = insecure_trust_anyone();
    ASSERT_EQ(ends.run(), in_full);
    ends.client.verifier = *trust_path("harnesses/testdata/other-ca.pem");
    EXPECT_EQ(ends.run(), std::nullopt);
    EXPECT_EQ(ends.failed_client, std::optional<Error>(Fatal{Reason::certificate_issuer_unknown}));

    ends.client.verifier = testing::client_config().verifier;
    ends.server.client_authentication = ClientAuthentication::optional;
    ends.server.client_verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
    ASSERT_EQ(ends.run(), in_full);
    ASSERT_EQ(ends.run(), resumed);
    ends.client.certificates = {key_of("client-ecdsa-p256")};  // the server did ask, and there was none
    ASSERT_EQ(ends.run(), in_full);
    ASSERT_EQ(ends.run(), resumed);
    ends.client.certificates = {key_of("client-rsa2048")};
    ASSERT_EQ(ends.run(), in_full);
    EXPECT_EQ(ends.of_server.client_certificate, ends.client.certificates[0]->chain[0]);
  }
}

TEST(Tls12Resumption, a_session_of_the_server_s_store_is_given_as_a_ticket_to_who_asks_for_one) {
  Resuming ends(By::session_id);
  ASSERT_EQ(ends.run(), in_full);
  ends.server.ticket_secret = Secret(Bytes(32, 3));
  ends.at = after(7000);
  EXPECT_EQ(ends.run(), resumed);
  ends.server.sessions = nullptr;
  EXPECT_EQ(ends.run(), resumed);
  ends.at = after(7200);  // the age is still that of the full handshake
  EXPECT_EQ(ends.run(), in_full);
}

TEST(Tls12Resumption, a_session_that_is_too_long_is_not_kept_and_no_error) {
  for (const By by : both_ways)
    for (const bool is_client : {false, true}) {
      Resuming ends(by);
      (is_client ? static_cast<CommonConfig&>(ends.client) : ends.server).limits.session_bytes_max = 50;
      EXPECT_EQ(ends.run(), in_full);
      EXPECT_EQ(ends.cache->size(), by == By::ticket || is_client ? 0u : 1u);
      EXPECT_EQ(ends.run(), in_full);
    }
}

TEST(Tls12Resumption, a_client_of_both_versions_resumes_with_an_old_server_and_speaks_tls_1_3_with_a_new_one) {
  for (const By by : both_ways)
    for (const bool is_compatible : {false, true}) {
      Resuming ends(by);
      ends.client.versions = {tls12, tls13};
      ends.client.middlebox_compatibility = is_compatible;
      ASSERT_EQ(ends.run(), in_full);
      ASSERT_EQ(ends.run(), resumed);
      ends.server.versions = {tls12, tls13};
      ASSERT_EQ(ends.run(), in_full);
      EXPECT_EQ(ends.of_client.version, tls13);
    }
}

}  // namespace
}  // namespace tocsin
