// Connections of TLS 1.2, and which version two configurations come to.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/connection/testing.h"
#include "core/record/header.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin {
namespace {

using testing::now;
using testing::ConnectionPair;
using enum ProtocolVersion;

std::string path(std::string_view name) { return "harnesses/testdata/" + std::string(name) + ".pem"; }

std::shared_ptr<const CertifiedKey> key_of(const std::string& name) {
  return *certified_key_from_files(path(name), path(name + ".key"));
}

ClientConfig client_config(std::vector<ProtocolVersion> versions = {tls12}) {
  ClientConfig config = testing::client_config();
  config.versions = std::move(versions);
  return config;
}

ServerConfig server_config(std::vector<ProtocolVersion> versions = {tls12}) {
  ServerConfig config = testing::server_config();
  config.versions = std::move(versions);
  return config;
}

void expect_refusal_by_server(ConnectionPair& pair, Reason why) {
  EXPECT_FALSE(pair.run_handshake());
  ASSERT_NE(pair.server().failure(), nullptr);
  EXPECT_EQ(*pair.server().failure(), Error(Fatal{why}));
  ASSERT_NE(pair.client().failure(), nullptr);
  EXPECT_EQ(*pair.client().failure(), Error(PeerAlert{alert_for(why)}));
}

//= RFC 9846 4.3.3 //# TLS 1.3 implementations willing to negotiate TLS 1.2 MUST behave in accordance with the
//= RFC 9846 4.3.3 //# If TLS 1.2 is negotiated, implementations MUST be prepared to accept a signature that
//= RFC 9846 4.3.3 //# which is mandatory in TLS 1.3) MUST be prepared to accept a signature using that scheme
TEST(Tls12Connection, completes_with_every_suite_and_group_and_kind_of_key) {
  for (const CipherSuite suite : client_config().cipher_suites) {
    if (version_of(suite) != tls12) continue;
    for (const NamedGroup group : {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1}) {
      std::size_t completed = 0;
      for (const char* key : {"server-ecdsa-p256", "server-ecdsa-p384", "server-ed25519", "server-rsa2048"}) {
        ClientConfig client = client_config();
        client.cipher_suites = {suite};
        client.groups = {group, NamedGroup::secp256r1, NamedGroup::secp384r1};
        ServerConfig server = server_config();
        server.groups = {group};
        server.certificates = {key_of(key)};
        ConnectionPair pair(client, server);
        if (!pair.run_handshake()) continue;
        ++completed;
        EXPECT_EQ(pair.client().negotiated().version, tls12);
        EXPECT_EQ(pair.client().negotiated().cipher_suite, suite);
        EXPECT_EQ(pair.server().negotiated().group, group);
        ASSERT_TRUE(pair.client().send(Bytes(40000, 7), pair.client_out));
        ASSERT_TRUE(pair.server().send(bytes_of("answer"), pair.server_out));
        pair.pump();
        EXPECT_EQ(pair.server_out.application_data, Bytes(40000, 7));
        EXPECT_EQ(text_of(pair.client_out.application_data), "answer");
      }
      const bool is_rsa =
          name_of(suite).find("RSA_WITH") != std::string_view::npos && name_of(suite).find("ECDSA") == std::string_view::npos;
      EXPECT_EQ(completed, is_rsa ? 1u : 3u) << name_of(suite);
    }
  }
}

TEST(Tls12Connection, a_certificate_of_a_curve_that_the_client_did_not_offer_is_not_shown) {
  ClientConfig client = client_config();
  client.groups = {NamedGroup::x25519, NamedGroup::secp384r1};
  ServerConfig server = server_config();
  ConnectionPair refused(client, server);
  expect_refusal_by_server(refused, Reason::no_common_signature_scheme);
  server.certificates.push_back(key_of("server-ecdsa-p384"));
  ConnectionPair granted(client, server);
  ASSERT_TRUE(granted.run_handshake());
  EXPECT_EQ(granted.client().negotiated().signature_scheme, SignatureScheme::ecdsa_secp256r1_sha256);  // with a key on P-384
}

TEST(Tls12Connection, no_group_in_common_is_refused) {
  ClientConfig client = client_config();
  client.groups = {NamedGroup::secp256r1};
  ServerConfig server = server_config();
  server.groups = {NamedGroup::x25519, NamedGroup::secp384r1};
  ConnectionPair pair(client, server);
  expect_refusal_by_server(pair, Reason::no_common_group);
}

//= RFC 9846 4.3.1 //# servers MUST NOT use the ClientHello.legacy_version value for version negotiation and
//= RFC 9846 4.3.1 //# Servers MUST only select a version of TLS present in that extension and MUST ignore any
//= RFC 9846 4.3.1 //# which negotiates a version of TLS prior to TLS 1.3 MUST set ServerHello.version and
//= RFC 9846 4.3.1 //# clients MUST check for this extension prior to processing the rest of the ServerHello.
//= RFC 9846 E.2 //# If the "supported_versions" extension is present, the server MUST negotiate using that
//= RFC 9846 E.2 //# the server MUST negotiate the minimum of ClientHello.legacy_version and TLS 1.2.
TEST(Tls12Connection, the_highest_common_version_is_taken) {
  const std::vector<std::vector<ProtocolVersion>> lists{{tls12}, {tls13}, {tls12, tls13}, {tls13, tls12}};
  for (const auto& clients : lists)
    for (const auto& servers : lists) {
      ConnectionPair pair(client_config(clients), server_config(servers));
      const auto both = [&](ProtocolVersion version) {
        return std::ranges::count(clients, version) + std::ranges::count(servers, version) == 2;
      };
      if (!both(tls13) && !both(tls12)) {
        expect_refusal_by_server(pair, Reason::version_unsupported);
        continue;
      }
      ASSERT_TRUE(pair.run_handshake());
      EXPECT_EQ(pair.client().negotiated().version, both(tls13) ? tls13 : tls12);
      EXPECT_EQ(pair.server().negotiated().version, both(tls13) ? tls13 : tls12);
    }
}

TEST(Tls12Connection, both_ends_export_the_same_key_and_have_no_key_update) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  Bytes ours(100), theirs(100), other(100);
  ASSERT_TRUE(pair.client().export_keying_material("EXPORTER label", bytes_of("context"), ours, pair.client_out));
  ASSERT_TRUE(pair.server().export_keying_material("EXPORTER label", bytes_of("context"), theirs, pair.server_out));
  ASSERT_TRUE(pair.server().export_keying_material("EXPORTER label", {}, other, pair.server_out));
  EXPECT_EQ(ours, theirs);
  EXPECT_NE(ours, other);
  // RFC 5705 4: an empty context is another one than none.
  ASSERT_TRUE(pair.client().export_keying_material("EXPORTER label", ByteView{}, ours, pair.client_out));
  ASSERT_TRUE(pair.server().export_keying_material("EXPORTER label", ByteView{}, theirs, pair.server_out));
  EXPECT_EQ(ours, theirs);
  EXPECT_NE(ours, other);
  const Bytes too_long(65536, 1);
  EXPECT_EQ(pair.client().export_keying_material("EXPORTER label", too_long, ours, pair.client_out).error(),
            Error(Misuse::label_or_length_invalid));
  EXPECT_EQ(pair.client().update_keys(KeyUpdateRequest::update_requested, pair.client_out).error(),
            Error(Misuse::key_update_unavailable));
  EXPECT_TRUE(pair.client().send(bytes_of("x"), pair.client_out));
}

TEST(Tls12Connection, application_protocol_server_name_and_record_size_limit_are_negotiated) {
  ClientConfig client = client_config();
  client.application_protocols = {"h2", "http/1.1"};
  client.record_size_limit = 64;
  ServerConfig server = server_config();
  server.application_protocols = {"http/1.1"};
  server.record_size_limit = 16385;
  server.certificates = {key_of("server-rsa2048"), key_of("server-ecdsa-p256")};
  ConnectionPair pair(client, server);
  ASSERT_TRUE(pair.run_handshake());
  EXPECT_EQ(pair.client().negotiated().application_protocol, "http/1.1");
  EXPECT_EQ(pair.server().negotiated().server_name, "localhost");
  ASSERT_TRUE(pair.server().send(Bytes(200, 1), pair.server_out));
  EXPECT_EQ(pair.server_out.to_peer.size(), 4 * (5 + 24) + 200u);  // 64 + 64 + 64 + 8 bytes of content: no type is counted
  pair.pump();
  EXPECT_EQ(pair.client_out.application_data, Bytes(200, 1));
}

// RFC 5246 7.4.4, 7.4.6: the client's certificate is of one of the types that the CertificateRequest lists.
TEST(Tls12Connection, a_client_shows_no_certificate_of_a_type_that_is_not_asked_for) {
  constexpr std::uint8_t rsa_sign = 1, ecdsa_sign = 64, rsa_fixed_dh = 3;
  const auto rsa = key_of("client-rsa2048"), ecdsa = key_of("client-ecdsa-p256"), eddsa = key_of("client-ed25519");
  struct Case {
    std::uint8_t first, second;  // types
    std::vector<std::shared_ptr<const CertifiedKey>> certificates;
    const CertifiedKey* shown;
  };
  const std::vector<Case> cases{
      {ecdsa_sign, rsa_sign, {rsa, ecdsa}, rsa.get()},
      {ecdsa_sign, ecdsa_sign, {rsa, ecdsa}, ecdsa.get()},
      {rsa_sign, rsa_sign, {ecdsa, rsa}, rsa.get()},
      {ecdsa_sign, ecdsa_sign, {rsa, eddsa}, eddsa.get()},
      {rsa_fixed_dh, rsa_sign, {ecdsa, eddsa, rsa}, rsa.get()},
      {rsa_sign, rsa_sign, {ecdsa, eddsa}, nullptr},
      {ecdsa_sign, ecdsa_sign, {rsa}, nullptr},
      {rsa_fixed_dh, rsa_fixed_dh, {rsa, ecdsa}, nullptr},
  };
  for (const Case& asked : cases) {
    ClientConfig client = client_config();
    client.certificates = asked.certificates;
    ServerConfig server = server_config();
    server.client_authentication = ClientAuthentication::optional;
    server.client_verifier = *trust_clients_path(path("client-ca"));
    ConnectionPair pair(client, server);
    ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), now, pair.server_out));
    Bytes& flight = pair.server_out.to_peer;
    const Bytes types{2, ecdsa_sign, rsa_sign, 0, 20};  // and the length of ten schemes
    const auto found = std::search(flight.begin(), flight.end(), types.begin(), types.end());
    ASSERT_NE(found, flight.end());
    found[1] = asked.first;
    found[2] = asked.second;
    ASSERT_TRUE(pair.client().receive(flight, now, pair.client_out));
    const Bytes& answer = pair.client_out.to_peer;  // it begins with a Certificate in plaintext
    ASSERT_EQ(answer.at(5), static_cast<std::uint8_t>(HandshakeType::certificate));
    const Bytes no_list{11, 0, 0, 3, 0, 0, 0};
    EXPECT_EQ(std::equal(no_list.begin(), no_list.end(), answer.begin() + 5), asked.shown == nullptr);
    if (asked.shown != nullptr) {
      const Bytes& shown = asked.shown->chain.front();
      EXPECT_NE(std::search(answer.begin(), answer.end(), shown.begin(), shown.end()), answer.end());
    }
  }
}

TEST(Tls12Connection, the_key_log_holds_the_master_secret_of_both_ends) {
  std::vector<std::string> lines;
  ClientConfig client = client_config();
  ServerConfig server = server_config();
  client.key_log = server.key_log = [&](std::string_view line) { lines.emplace_back(line); };
  ConnectionPair pair(client, server);
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], lines[1]);
  EXPECT_EQ(lines[0].size(), std::string_view("CLIENT_RANDOM ").size() + 64 + 1 + 96);
}

TEST(Tls12Connection, clients_authenticate_or_not_as_in_tls_1_3) {
  static const auto verifier = *trust_clients_path(path("client-ca"));
  for (const auto wanted : {ClientAuthentication::optional, ClientAuthentication::required})
    for (const char* name : {"", "client-ecdsa-p256", "client-ed25519", "client-rsa2048"}) {
      ServerConfig server = server_config();
      server.client_authentication = wanted;
      server.client_verifier = verifier;
      ClientConfig client = client_config();
      if (*name != '\0') client.certificates = {key_of(name)};
      ConnectionPair pair(client, server);
      if (*name == '\0' && wanted == ClientAuthentication::required) {
        expect_refusal_by_server(pair, Reason::client_certificate_missing);
        continue;
      }
      ASSERT_TRUE(pair.run_handshake()) << name;
      const Bytes proved = *name == '\0' ? Bytes{} : client.certificates[0]->chain[0];
      EXPECT_EQ(pair.server().negotiated().client_certificate, proved);
      EXPECT_EQ(pair.client().negotiated().client_certificate, proved);
    }
}

TEST(Tls12Connection, an_untrusted_client_is_refused) {
  ServerConfig server = server_config();
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = *trust_clients_path(path("client-ca"));
  ClientConfig client = client_config();
  client.certificates = {key_of("server-ecdsa-p256")};
  ConnectionPair pair(client, server);
  EXPECT_FALSE(pair.run_handshake());
  EXPECT_EQ(*pair.server().failure(), Error(Fatal{Reason::certificate_issuer_unknown}));
}

//= RFC 5246 7.2.1 //# Any data received after a closure alert is ignored.
//= RFC 5246 7.2.1 //# Unless some other fatal alert has been transmitted, each party is required to send a
TEST(Tls12Connection, closing_and_its_misuse_are_those_of_tls_1_3) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  ASSERT_TRUE(pair.client().close(pair.client_out));
  pair.pump();
  EXPECT_TRUE(pair.server().is_closed_by_peer());
  ASSERT_TRUE(pair.server().send(bytes_of("late"), pair.server_out));
  pair.pump();
  EXPECT_EQ(text_of(pair.client_out.application_data), "late");
}

TEST(Tls12Connection, fallback_without_need_is_refused) {
  // A client that would have spoken TLS 1.3, and says so: TLS_FALLBACK_SCSV.
  ClientConfig client = client_config();
  client.cipher_suites.push_back(static_cast<CipherSuite>(0x5600));
  ConnectionPair refused(client, server_config({tls12, tls13}));
  expect_refusal_by_server(refused, Reason::fallback_inappropriate);
  ConnectionPair granted(client, server_config({tls12}));
  EXPECT_TRUE(granted.run_handshake());
}

// What one end's first flight is edited to on its way. The records of a first flight are plaintext, and hold whole messages.
using Edit = std::function<void(Bytes& flight)>;

/// Lets the other end read an edited first flight, of the client or of the server.
std::optional<Error> after_edit_of_hello(const Edit& edit, const ClientConfig& client, const ServerConfig& server) {
  ConnectionPair pair(client, server);
  edit(pair.client_out.to_peer);
  const Outcome outcome = pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out);
  return outcome ? std::nullopt : std::optional(outcome.error());
}
std::optional<Error> after_edit_of_flight(const Edit& edit, const ClientConfig& client, const ServerConfig& server) {
  ConnectionPair pair(client, server);
  EXPECT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  edit(pair.server_out.to_peer);
  const Outcome outcome = pair.client().receive(pair.server_out.to_peer, testing::now, pair.client_out);
  return outcome ? std::nullopt : std::optional(outcome.error());
}

/// Replaces the one place where these bytes stand.
Edit replace(Bytes what, Bytes with) {
  return [=](Bytes& flight) {
    const auto found = std::search(flight.begin(), flight.end(), what.begin(), what.end());
    ASSERT_NE(found, flight.end());
    std::copy(with.begin(), with.end(), found);
  };
}

/// A ServerHello in its own record in place of the server's.
Edit server_hello(const std::function<void(wire::tls12::ServerHello&)>& change) {
  return [=](Bytes& flight) {
    const std::size_t hello_bytes = 4 + (std::size_t{flight[7]} << 8 | flight[8]);
    const Bytes message(flight.begin() + 5, flight.begin() + static_cast<std::ptrdiff_t>(5 + hello_bytes));
    auto hello = *wire::tls12::decode_server_hello(ByteView(message).subspan(4));
    change(hello);
    Bytes changed;
    Writer out(changed);
    encode(hello, out);
    const auto header = record::make_header(ContentType::handshake, 0x0303, changed.size());
    flight.assign(header.begin(), header.end());
    append(flight, changed);
  };
}

#define EXPECT_FATAL(outcome, why) EXPECT_EQ(outcome, std::optional<Error>(Fatal{why}))

//= RFC 9846 4.2.2 //# and (if negotiating such a prior version) MUST follow the procedures for the
TEST(Tls12Connection, a_server_refuses_what_a_hello_of_tls_1_2_may_not_be) {
  const auto refusal = [](const Edit& edit) { return after_edit_of_hello(edit, client_config(), server_config()); };
  EXPECT_FATAL(refusal(replace({0xc0, 0x30, 1, 0}, {0xc0, 0x30, 1, 1})), Reason::compression_invalid);
  EXPECT_FATAL(refusal(replace({0, 11, 0, 2, 1, 0}, {0, 11, 0, 2, 1, 1})), Reason::point_formats_invalid);
  EXPECT_FATAL(refusal(replace({0, 23, 0, 0}, {0x7f, 0x17, 0, 0})), Reason::extended_master_secret_missing);
  EXPECT_FATAL(refusal(replace({0, 23, 0, 0, 0xff, 1, 0, 1, 0}, {0xff, 1, 0, 1 + 4, 4, 0xff, 1, 0, 1})),
               Reason::renegotiation_info_invalid);
}

TEST(Tls12Connection, a_client_refuses_what_a_server_hello_of_tls_1_2_may_not_be) {
  ClientConfig client = client_config({tls12, tls13});
  const auto refusal = [&](const std::function<void(wire::tls12::ServerHello&)>& change) {
    return after_edit_of_flight(server_hello(change), client, server_config());
  };
  EXPECT_FATAL(refusal([](auto& hello) { hello.server_version = 0x0302; }), Reason::version_unsupported);
  EXPECT_FATAL(refusal([](auto& hello) { std::ranges::copy(bytes_of("DOWNGRD\1"), hello.random.begin() + 24); }),
               Reason::downgrade_detected);
  EXPECT_FATAL(refusal([](auto& hello) { hello.cipher_suite = CipherSuite::aes_128_gcm_sha256; }),
               Reason::cipher_suite_not_offered);
  EXPECT_FATAL(refusal([](auto& hello) { hello.cipher_suite = static_cast<CipherSuite>(0xc013); }),
               Reason::cipher_suite_not_offered);
  EXPECT_FATAL(refusal([](auto& hello) { hello.compression_method = 1; }), Reason::compression_invalid);
  EXPECT_FATAL(refusal([](auto& hello) { hello.extended_master_secret = false; }), Reason::extended_master_secret_missing);
  EXPECT_FATAL(refusal([](auto& hello) { hello.renegotiated_connection.reset(); }), Reason::renegotiation_info_missing);
  EXPECT_FATAL(refusal([](auto& hello) { hello.renegotiated_connection = bytes_of("x"); }), Reason::renegotiation_info_invalid);
  EXPECT_FATAL(refusal([](auto& hello) { hello.ec_point_formats = bytes_of("\1"); }), Reason::point_formats_invalid);
  EXPECT_FATAL(refusal([](auto& hello) { hello.application_protocol = bytes_of("h2"); }), Reason::extension_unsolicited);
  EXPECT_FATAL(refusal([](auto& hello) { hello.record_size_limit = 100; }), Reason::extension_unsolicited);
  client.record_size_limit = 100;
  EXPECT_FATAL(refusal([](auto& hello) { hello.record_size_limit = 63; }), Reason::record_size_limit_invalid);
  EXPECT_FATAL(refusal([](auto& hello) { hello.record_size_limit = 16385; }), Reason::record_size_limit_invalid);
}

TEST(Tls12Connection, a_client_refuses_an_echoed_session_id_as_none_was_to_be_resumed) {
  const ClientConfig client = client_config({tls12, tls13});
  ConnectionPair pair(client, server_config());
  const Bytes session_id(pair.client_out.to_peer.begin() + 5 + 4 + 2 + 32 + 1,
                         pair.client_out.to_peer.begin() + 5 + 4 + 2 + 32 + 33);
  ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  server_hello([&](auto& hello) { hello.session_id = session_id; })(pair.server_out.to_peer);
  EXPECT_EQ(pair.client().receive(pair.server_out.to_peer, testing::now, pair.client_out).error(),
            Error(Fatal{Reason::session_id_echo_wrong}));
}

TEST(Tls12Connection, without_extended_master_secret_only_where_the_configuration_says_so) {
  ServerConfig server = server_config();
  server.extended_master_secret = ExtendedMasterSecret::preferred;
  EXPECT_EQ(after_edit_of_hello(replace({0, 23, 0, 0}, {0x7f, 0x17, 0, 0}), client_config(), server), std::nullopt);
  ClientConfig client = client_config();
  client.extended_master_secret = ExtendedMasterSecret::preferred;
  const auto without = server_hello([](auto& hello) { hello.extended_master_secret = false; });
  EXPECT_EQ(after_edit_of_flight(without, client, server_config()), std::nullopt);
}

//= RFC 9846 4.2.3 //# The last 8 bytes MUST be overwritten as described below if negotiating TLS 1.2 or TLS
//= RFC 9846 4.2.3 //# which negotiate TLS 1.2 or below in response to a ClientHello MUST set the last 8 bytes
//= RFC 9846 4.2.3 //# If negotiating TLS 1.2, TLS 1.3 servers MUST set the last 8 bytes of their Random value
//= RFC 9846 4.2.3 //# TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that the last 8 bytes are not equal to either of these values.
//= RFC 9846 4.2.3 //# If a match is found, the client MUST abort the handshake with an "illegal_parameter"
TEST(Tls12Connection, a_server_that_could_speak_tls_1_3_says_so_in_its_random) {
  for (const bool could : {false, true}) {
    ConnectionPair pair(client_config(), could ? server_config({tls12, tls13}) : server_config());
    ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
    const ByteView random = ByteView(pair.server_out.to_peer).subspan(5 + 4 + 2, 32);
    EXPECT_EQ(text_of(random.last(8)) == "DOWNGRD\1", could);
  }
}

TEST(Tls12Connection, a_client_refuses_a_server_key_exchange_that_was_changed) {
  const auto refusal = [](const Edit& edit) { return after_edit_of_flight(edit, client_config(), server_config()); };
  const Bytes params{3, 0, 0x1d, 32};
  EXPECT_FATAL(refusal(replace(params, {2, 0, 0x1d, 32})), Reason::curve_type_unsupported);
  EXPECT_FATAL(refusal(replace(params, {3, 0, 0x1e, 32})), Reason::group_not_offered);
  EXPECT_FATAL(refusal(replace(params, {3, 0, 0x17, 32})), Reason::signature_invalid);
  // {scheme, length of the signature}: ECDSA's DER begins with 0x30.
  const auto scheme = [](std::uint8_t first, std::uint8_t second) -> Edit {
    return [=](Bytes& flight) {
      const Bytes was{4, 3, 0};
      const auto end = flight.end() - 9;  // before ServerHelloDone
      const auto found = std::find_end(flight.begin(), end, was.begin(), was.end());
      ASSERT_NE(found, end);
      found[0] = first;
      found[1] = second;
    };
  };
  EXPECT_FATAL(refusal(scheme(8, 4)), Reason::certificate_key_wrong);
  EXPECT_FATAL(refusal(scheme(2, 3)), Reason::signature_scheme_not_offered);
  EXPECT_FATAL(refusal(scheme(8, 7)), Reason::signature_scheme_not_offered);
}

TEST(Tls12Connection, a_server_refuses_a_change_cipher_spec_before_the_keys_are_agreed) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
  const Outcome outcome = pair.server().receive(Bytes{20, 3, 3, 0, 1, 1}, testing::now, pair.server_out);
  EXPECT_EQ(outcome.error(), Error(Fatal{Reason::change_cipher_spec_unexpected}));
}

TEST(Tls12Connection, a_finished_that_does_not_authenticate_is_refused_by_either_end) {
  for (const bool is_of_client : {false, true}) {
    ConnectionPair pair(client_config(), server_config());
    ASSERT_TRUE(pair.server().receive(std::exchange(pair.client_out.to_peer, {}), testing::now, pair.server_out));
    ASSERT_TRUE(pair.client().receive(std::exchange(pair.server_out.to_peer, {}), testing::now, pair.client_out));
    if (is_of_client) {
      pair.client_out.to_peer.back() ^= 1;
      EXPECT_EQ(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out).error(),
                Error(Fatal{Reason::record_bad_mac}));
    } else {
      ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, testing::now, pair.server_out));
      pair.server_out.to_peer.back() ^= 1;
      EXPECT_EQ(pair.client().receive(pair.server_out.to_peer, testing::now, pair.client_out).error(),
                Error(Fatal{Reason::record_bad_mac}));
    }
  }
}

TEST(Tls12Connection, warnings_are_heeded_as_such_up_to_a_limit) {
  ConnectionPair pair(client_config(), server_config());
  const Bytes warning{21, 3, 3, 0, 2, 1, 112};  // unrecognized_name
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(pair.client().receive(warning, testing::now, pair.client_out));
  const Error error = pair.client().receive(warning, testing::now, pair.client_out).error();
  EXPECT_EQ(error, Error(Fatal{Reason::alert_warnings_too_many}));
  EXPECT_EQ(error.describe().find("user_canceled"), std::string::npos) << "it was none";
}

}  // namespace
}  // namespace tocsin
