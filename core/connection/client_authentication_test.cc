// Clients with and without certificates, against a server that starts directly and one that starts by Acceptor.
#include <gtest/gtest.h>

#include "core/connection/stream_testing.h"
#include "tocsin/acceptor.h"

namespace tocsin {
namespace {

using testing::now;

std::string path(std::string_view name) { return "harnesses/testdata/" + std::string(name) + ".pem"; }

std::shared_ptr<const CertifiedKey> key_of(const std::string& name) {
  auto key = certified_key_from_files(path(name), path(name + ".key"));
  if (!key) ADD_FAILURE() << key.error().message;
  return *key;
}

ServerConfig server_config(ClientAuthentication client_authentication) {
  static const auto verifier = *trust_clients_path(path("client-ca"));
  ServerConfig config = testing::server_config();
  config.client_authentication = client_authentication;
  config.client_verifier = verifier;
  return config;
}

ClientConfig client_config(std::vector<std::shared_ptr<const CertifiedKey>> certificates) {
  ClientConfig config = testing::client_config();
  config.certificates = std::move(certificates);
  return config;
}

enum class EntryPoint { direct, acceptor };

/// A server that is reached by either way.
class Server {
 public:
  Server(EntryPoint entry_point, const ServerConfig& config, Now time)
      : config_(std::make_shared<const ServerConfig>(config)), time_(time) {
    if (entry_point == EntryPoint::direct)
      connection_.emplace(std::move(*Connection::server(config_)));
    else
      acceptor_.emplace(config_->limits);
  }

  Outcome receive(ByteView bytes, Output& out) {
    if (connection_) return connection_->receive(bytes, time_, out);
    auto accepted = acceptor_->receive(bytes, out);
    if (!accepted) return accepted.error();
    if (!*accepted) return Done{};
    auto made = std::move(**accepted).into_connection(config_, time_, out);
    if (!made) return made.error();
    connection_.emplace(std::move(*made));
    return Done{};
  }
  const Connection& connection() const { return *connection_; }

 private:
  std::shared_ptr<const ServerConfig> config_;
  Now time_;
  std::optional<Acceptor> acceptor_;
  std::optional<Connection> connection_;
};

struct Ends {
  std::optional<Error> client_error, server_error;
  Negotiated client, server;
  bool both_complete = false;
  Bytes at_server, at_client;  // application data
  bool exporters_agree = false;
};

Ends run(EntryPoint entry_point, const ClientConfig& client_config, const ServerConfig& server_config, Now server_time = now) {
  Output to_server, to_client;
  Connection client =
      std::move(*Connection::client(std::make_shared<const ClientConfig>(client_config), "localhost", now, to_server));
  Server server(entry_point, server_config, server_time);
  Ends ends;
  const auto exchange = [&] {
    while (!to_server.to_peer.empty() || !to_client.to_peer.empty()) {
      const Outcome served = server.receive(std::exchange(to_server.to_peer, {}), to_client);
      if (!served) ends.server_error = served.error();
      const Outcome went_on = client.receive(std::exchange(to_client.to_peer, {}), now, to_server);
      if (!went_on) ends.client_error = went_on.error();
    }
  };
  exchange();
  ends.both_complete = client.is_handshake_complete() && server.connection().is_handshake_complete();
  if (!ends.both_complete) return ends;
  ends.client = client.negotiated();
  ends.server = server.connection().negotiated();
  Connection& connection = const_cast<Connection&>(server.connection());
  Bytes key(32), other(32);
  ends.exporters_agree = client.export_keying_material("label", {}, key, to_server) &&
                         connection.export_keying_material("label", {}, other, to_client) && key == other;
  EXPECT_TRUE(client.send(bytes_of("from the client"), to_server));
  EXPECT_TRUE(connection.send(bytes_of("from the server"), to_client));
  exchange();
  ends.at_server = to_client.application_data;
  ends.at_client = to_server.application_data;
  return ends;
}

void expect_completion(const Ends& ends) {
  EXPECT_TRUE(ends.both_complete) << (ends.server_error ? ends.server_error->describe() : "")
                                  << (ends.client_error ? ends.client_error->describe() : "");
  EXPECT_TRUE(ends.exporters_agree);
  EXPECT_EQ(text_of(ends.at_server), "from the client");
  EXPECT_EQ(text_of(ends.at_client), "from the server");
}

class Tls13ClientAuthentication : public ::testing::TestWithParam<EntryPoint> {
 protected:
  /// The server refuses, and the client hears why: by then its own handshake is complete.
  static void expect_refusal(Reason why, const ClientConfig& client, const ServerConfig& server, Now time = now) {
    const Ends ends = run(GetParam(), client, server, time);
    EXPECT_FALSE(ends.both_complete);
    EXPECT_EQ(ends.server_error, std::optional<Error>(Fatal{why}));
    EXPECT_EQ(ends.client_error, std::optional<Error>(PeerAlert{alert_for(why)}));
  }
};
INSTANTIATE_TEST_SUITE_P(BothWays, Tls13ClientAuthentication, ::testing::Values(EntryPoint::direct, EntryPoint::acceptor),
                         [](const auto& way) { return way.param == EntryPoint::direct ? "direct" : "acceptor"; });

//= RFC 9846 4.5.2 //# Clients MUST send this message whenever authenticating via a certificate (i.e., when
//= RFC 9846 4.4.2 //# The "signature_algorithms" extension MUST be specified, and other extensions may
TEST_P(Tls13ClientAuthentication, a_client_authenticates_with_every_kind_of_key) {
  for (const std::string name : {"client-ecdsa-p256", "client-ed25519", "client-rsa2048"})
    for (const auto wanted : {ClientAuthentication::optional, ClientAuthentication::required}) {
      const auto key = key_of(name);
      const Ends ends = run(GetParam(), client_config({key}), server_config(wanted));
      expect_completion(ends);
      for (const Negotiated& negotiated : {ends.client, ends.server}) {
        EXPECT_EQ(negotiated.client_certificate, key->chain.front());
        EXPECT_TRUE(key->key->can_sign_with(negotiated.client_signature_scheme, ProtocolVersion::tls13));
        EXPECT_EQ(negotiated.signature_scheme, SignatureScheme::ecdsa_secp256r1_sha256);
      }
      EXPECT_EQ(subject_of(ends.server.client_certificate), "CN=tocsin test client " + name.substr(7));
    }
}

TEST_P(Tls13ClientAuthentication, a_client_authenticates_after_a_hello_retry_request) {
  ClientConfig client = client_config({key_of("client-ecdsa-p256")});
  client.key_shares = 0;
  const Ends ends = run(GetParam(), client, server_config(ClientAuthentication::required));
  expect_completion(ends);
  EXPECT_TRUE(ends.server.retried);
  EXPECT_FALSE(ends.server.client_certificate.empty());
}

//= RFC 9846 4.5.1 //# The client MUST send a Certificate message if and only if the server has requested
TEST_P(Tls13ClientAuthentication, nobody_authenticates_unasked) {
  const Ends ends = run(GetParam(), client_config({key_of("client-ecdsa-p256")}), server_config(ClientAuthentication::none));
  expect_completion(ends);
  EXPECT_TRUE(ends.server.client_certificate.empty() && ends.client.client_certificate.empty());
}

//= RFC 9846 4.5.1 //# the client MUST send a Certificate message containing no certificates (i.e., with the
//= RFC 9846 4.5.1 //# A Finished message MUST be sent regardless of whether the Certificate message is empty.
TEST_P(Tls13ClientAuthentication, where_it_is_optional_a_client_without_a_certificate_is_served) {
  const Ends ends = run(GetParam(), client_config({}), server_config(ClientAuthentication::optional));
  expect_completion(ends);
  EXPECT_TRUE(ends.server.client_certificate.empty() && ends.client.client_certificate.empty());
  EXPECT_EQ(ends.server.client_signature_scheme, SignatureScheme{});
}

TEST_P(Tls13ClientAuthentication, where_it_is_required_a_client_without_a_certificate_is_told_certificate_required) {
  expect_refusal(Reason::certificate_required, client_config({}), server_config(ClientAuthentication::required));
}

//= RFC 9846 4.5.2 //# the signature algorithm used in the signature MUST be one of those present in the
//= RFC 9846 4.5.1.2 //# The end-entity certificate MUST allow the key to be used for signing with a signature
TEST_P(Tls13ClientAuthentication, a_client_shows_its_first_certificate_that_suits_the_request) {
  const auto ecdsa = key_of("client-ecdsa-p256"), ed25519 = key_of("client-ed25519"), rsa = key_of("client-rsa2048");
  ServerConfig server = server_config(ClientAuthentication::required);
  EXPECT_EQ(run(GetParam(), client_config({rsa, ecdsa}), server).server.client_certificate, rsa->chain.front());
  server.signature_schemes = {SignatureScheme::ed25519, SignatureScheme::rsa_pss_rsae_sha384};
  const Ends ends = run(GetParam(), client_config({ecdsa, rsa, ed25519}), server);
  EXPECT_EQ(ends.server.client_certificate, rsa->chain.front());
  EXPECT_EQ(ends.server.client_signature_scheme, SignatureScheme::rsa_pss_rsae_sha384);
  expect_refusal(Reason::certificate_required, client_config({ecdsa}), server);  // none suits
}

//= RFC 9846 4.5.1.2 //# and decides to abort the handshake, then it MUST abort the handshake with an
//= RFC 9846 4.5.3 //# Any records following a Finished message MUST be encrypted under the appropriate
TEST_P(Tls13ClientAuthentication, a_certificate_that_does_not_verify_is_refused_with_its_own_alert) {
  for (const auto wanted : {ClientAuthentication::optional, ClientAuthentication::required}) {
    const ServerConfig server = server_config(wanted);
    expect_refusal(Reason::certificate_expired, client_config({key_of("client-expired")}), server);
    expect_refusal(Reason::certificate_key_unsupported, client_config({key_of("client-for-servers")}), server);
    expect_refusal(Reason::certificate_issuer_unknown, client_config({key_of("server-ecdsa-p256")}), server);
    expect_refusal(Reason::certificate_expired, client_config({key_of("client-ecdsa-p256")}), server, Now{});
    auto broken = std::make_shared<CertifiedKey>(*key_of("client-ecdsa-p256"));
    broken->chain.front().pop_back();
    expect_refusal(Reason::certificate_malformed, client_config({broken}), server);
  }
}

/// A key that signs as another one does, changes the signature, or is of another kind than it says.
class LyingKey final : public SigningKey {
 public:
  LyingKey(std::shared_ptr<const SigningKey> inner, SignatureScheme claims, SignatureScheme signs, std::uint8_t flip)
      : inner_(std::move(inner)), claims_(claims), signs_(signs), flip_(flip) {}
  bool can_sign_with(SignatureScheme scheme, ProtocolVersion) const override { return scheme == claims_; }
  Result<Done> sign(SignatureScheme, ByteView message, Bytes& out) const override {
    TOCSIN_TRY(inner_->sign(signs_, message, out));
    out.back() = static_cast<std::uint8_t>(out.back() ^ flip_);
    return Done{};
  }

 private:
  std::shared_ptr<const SigningKey> inner_;
  SignatureScheme claims_, signs_;
  std::uint8_t flip_;
};

//= RFC 9846 4.5.2 //# The receiver of a CertificateVerify message MUST verify the signature field.
//= RFC 9846 4.5.2 //# If the verification fails, the receiver MUST terminate the handshake with a
TEST_P(Tls13ClientAuthentication, a_proof_that_does_not_verify_is_refused) {
  using enum SignatureScheme;
  const auto shows = [](const std::string& certificate, const std::string& key, SignatureScheme claims, SignatureScheme signs,
                        std::uint8_t flip) {
    auto lying = std::make_shared<CertifiedKey>(*key_of(certificate));
    lying->key = std::make_shared<LyingKey>(key_of(key)->key, claims, signs, flip);
    return client_config({lying});
  };
  const ServerConfig server = server_config(ClientAuthentication::optional);
  const SignatureScheme p256 = ecdsa_secp256r1_sha256;
  expect_completion(run(GetParam(), shows("client-ecdsa-p256", "client-ecdsa-p256", p256, p256, 0), server));
  expect_refusal(Reason::signature_invalid, shows("client-ecdsa-p256", "client-ecdsa-p256", p256, p256, 1), server);
  expect_refusal(Reason::signature_invalid, shows("client-ecdsa-p256", "client-for-servers", p256, p256, 0), server);
  expect_refusal(Reason::signature_scheme_not_offered, shows("client-ecdsa-p256", "client-ed25519", ed25519, ed25519, 0),
                 server);
  // Offered, for certificates: never for this.
  expect_refusal(Reason::signature_scheme_not_offered,
                 shows("client-rsa2048", "client-rsa2048", rsa_pkcs1_sha256, rsa_pss_rsae_sha256, 0), server);
}

TEST_P(Tls13ClientAuthentication, what_goes_wrong_in_the_servers_flight_is_still_heard_in_plaintext) {
  for (const std::size_t first_bytes : {0u, 6u}) {
    Output hello, out;
    ASSERT_TRUE(Connection::client(std::make_shared<const ClientConfig>(client_config({})), "localhost", now, hello));
    Server server(GetParam(), server_config(ClientAuthentication::required), now);
    ASSERT_TRUE(server.receive(hello.to_peer, out));
    ASSERT_TRUE(server.receive(Bytes{20, 3, 3, 0, 1, 1}, out));  // RFC 9846 E.4
    const Bytes alert{21, 3, 3, 0, 2, 2, 47};
    ASSERT_TRUE(server.receive(ByteView(alert).first(first_bytes), out));
    EXPECT_EQ(server.receive(ByteView(alert).subspan(first_bytes), out).error(),
              Error(PeerAlert{AlertDescription::illegal_parameter}));
  }
}

/// The client's first record, with early_data among the extensions.
Bytes hello_with_early_data() {
  Output hello;
  (void)Connection::client(std::make_shared<const ClientConfig>(client_config({})), "localhost", now, hello);
  Bytes record = hello.to_peer;
  const auto lengthen = [&](std::size_t at) {  // by less than 256
    const unsigned length = static_cast<unsigned>(record[at] << 8 | record[at + 1]) + 4;
    record[at] = static_cast<std::uint8_t>(length >> 8);
    record[at + 1] = static_cast<std::uint8_t>(length);
  };
  const std::size_t session_id = 5 + 4 + 2 + 32, suites = session_id + 1 + record[session_id];
  const std::size_t compression = suites + 2 + static_cast<std::size_t>(record[suites] << 8 | record[suites + 1]);
  for (const std::size_t at : {std::size_t{3}, std::size_t{7}, compression + 2}) lengthen(at);
  append(record, Bytes{0, 42, 0, 0});
  return record;
}

//= RFC 9846 4.3.10 //# A server which receives an "early_data" extension MUST behave in one of three ways:
//= RFC 9846 4.3.10 //# If any of these checks fail, the server MUST NOT respond with the extension and must
TEST_P(Tls13ClientAuthentication, early_data_before_the_clients_certificate_is_skipped) {
  Output out;
  Server server(GetParam(), server_config(ClientAuthentication::required), now);
  ASSERT_TRUE(server.receive(hello_with_early_data(), out));
  Bytes early{23, 3, 3, 0, 40};
  early.resize(5 + 40, 0x5a);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(server.receive(early, out));
  EXPECT_FALSE(server.connection().is_handshake_complete());
  EXPECT_EQ(server.receive(Bytes{22, 3, 3, 0, 1, 0}, out).error(), Error(Fatal{Reason::record_unprotected}));
}

TEST_P(Tls13ClientAuthentication, a_record_that_does_not_open_is_refused_without_early_data) {
  Output hello, out;
  ASSERT_TRUE(Connection::client(std::make_shared<const ClientConfig>(client_config({})), "localhost", now, hello));
  Server server(GetParam(), server_config(ClientAuthentication::required), now);
  ASSERT_TRUE(server.receive(hello.to_peer, out));
  Bytes record{23, 3, 3, 0, 40};
  record.resize(5 + 40, 0x5a);
  EXPECT_EQ(server.receive(record, out).error(), Error(Fatal{Reason::record_bad_mac}));
}

TEST(StreamClientAuthentication, a_server_knows_the_client_and_the_time_by_each_of_its_ways) {
  const auto config = std::make_shared<const ServerConfig>(server_config(ClientAuthentication::required));
  const auto key = key_of("client-ed25519");
  for (const int way : {0, 1, 2})
    for (const Now time : {now, Now{}}) {
      testing::Wire wire;
      wire.time = time;
      Output hello, unsent;
      Connection client = testing::client_connection(hello, client_config({key}));
      std::optional<Stream> stream;
      if (way == 0) stream = Stream::server(wire.transport(), config);
      if (way == 1) stream = Stream::server(wire.transport(), [&](const Offer&) { return config; });
      if (way == 2) stream = Stream::server(wire.transport(), testing::accept(hello, unsent), config, std::move(unsent));
      if (way != 2) wire.to_stream = hello.to_peer;
      testing::PeerOnWire peer(wire, std::move(client));
      const StreamOutcome done = stream->handshake();
      if (time.date == now.date) {
        EXPECT_TRUE(done) << way;
        EXPECT_EQ(stream->negotiated().client_certificate, key->chain.front()) << way;
      } else {
        EXPECT_EQ(done.error(), testing::fatal(Reason::certificate_expired)) << way;
      }
    }
}

TEST(StreamClientAuthentication, a_client_reads_why_it_is_refused_although_it_could_write) {
  testing::Wire wire;
  testing::PeerOnWire peer{
      wire,
      std::move(*Connection::server(std::make_shared<const ServerConfig>(server_config(ClientAuthentication::required))))};
  Stream stream = testing::client_on(wire);
  EXPECT_TRUE(stream.write(bytes_of("request")));
  std::array<std::uint8_t, 16> answer{};
  EXPECT_EQ(stream.read(answer).error(), StreamError(Error(PeerAlert{AlertDescription::certificate_required})));
  EXPECT_TRUE(peer.out.application_data.empty());
}

}  // namespace
}  // namespace tocsin
