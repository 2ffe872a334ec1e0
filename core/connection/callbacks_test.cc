// Callbacks that do what they should not: call the object that calls them, destroy or move it, throw, or use its output.
#include <gtest/gtest.h>

#include <stdexcept>

#include "core/connection/stream_testing.h"

namespace tocsin::testing {
namespace {

/// Answers with its function, whoever asks.
class AskingVerifier final : public CertificateVerifier {
 public:
  explicit AskingVerifier(std::function<void()> ask) : ask_(std::move(ask)) {}
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                            UnixSeconds at) const override {
    ask_();
    return client_config().verifier->verify(chain, name, at);
  }

 private:
  std::function<void()> ask_;
};

class ForgetfulStore final : public SessionStore {
 public:
  void keep(ByteView, ByteView, UnixSeconds) override { throw std::runtime_error("keep"); }
  SecretBytes find(ByteView) override { return {}; }
  void forget(ByteView) override { throw std::runtime_error("forget"); }
};

/// A client that a server answers, with a callback in the midst of the client's call.
struct Ends {
  explicit Ends(std::function<void()> in_the_midst, const ServerConfig& server_config = testing::server_config())
      : server(std::move(*Connection::server(std::make_shared<ServerConfig>(server_config)))) {
    ClientConfig config = client_config();
    config.verifier = std::make_shared<AskingVerifier>(std::move(in_the_midst));
    client.emplace(std::move(*Connection::client(std::make_shared<ClientConfig>(config), "localhost", now, client_out)));
  }
  Outcome answer() {
    EXPECT_TRUE(server.receive(std::exchange(client_out.to_peer, {}), now, server_out));
    return client->receive(std::exchange(server_out.to_peer, {}), now, client_out);
  }

  Output client_out, server_out;
  Connection server;
  std::optional<Connection> client;
};

TEST(Callbacks, a_call_of_the_calling_connection_is_refused_and_changes_nothing) {
  std::vector<Error> refused;
  std::unique_ptr<Ends> ends;
  ends = std::make_unique<Ends>([&] {
    Output out;
    Connection& client = *ends->client;
    std::array<std::uint8_t, 32> key{};
    refused.push_back(client.receive(Bytes{1}, now, out).error());
    refused.push_back(client.receive_end_of_stream(out).error());
    refused.push_back(client.send(Bytes{1}, out).error());
    refused.push_back(client.close(out).error());
    refused.push_back(client.update_keys(KeyUpdateRequest::update_requested, out).error());
    refused.push_back(client.export_keying_material("label", {}, key, out).error());
    EXPECT_FALSE(client.is_closed_by_peer());
    (void)client.negotiated();
    EXPECT_TRUE(out.to_peer.empty());
  });
  EXPECT_TRUE(ends->answer());
  EXPECT_EQ(refused, std::vector<Error>(6, Misuse::called_from_callback));
  EXPECT_TRUE(ends->client->is_handshake_complete());
}

TEST(Callbacks, the_connection_may_be_destroyed_by_its_callback) {
  std::unique_ptr<Ends> ends;
  ends = std::make_unique<Ends>([&] { ends->client.reset(); });
  EXPECT_TRUE(ends->answer());
  EXPECT_FALSE(ends->client);
}

TEST(Callbacks, the_connection_may_be_moved_by_its_callback_and_lives_on) {
  std::unique_ptr<Ends> ends;
  std::optional<Connection> elsewhere;
  ends = std::make_unique<Ends>([&] { elsewhere.emplace(std::move(*ends->client)); });
  EXPECT_TRUE(ends->answer());
  EXPECT_TRUE(elsewhere->is_handshake_complete());
  EXPECT_EQ(ends->client->send(Bytes{1}, ends->client_out).error(), Error(Misuse::already_consumed));
}

TEST(Callbacks, a_key_log_may_destroy_its_connection) {
  std::optional<Connection> server;
  ServerConfig config = server_config();
  config.key_log = [&](std::string_view) { server.reset(); };
  server.emplace(std::move(*Connection::server(std::make_shared<ServerConfig>(config))));
  Output client_out, out;
  const Connection client = client_connection(client_out);
  EXPECT_TRUE(server->receive(client_out.to_peer, now, out));
  EXPECT_FALSE(server);
  EXPECT_FALSE(out.to_peer.empty());
}

TEST(Callbacks, another_connection_may_use_the_output_meanwhile) {
  std::unique_ptr<Ends> ends;
  Bytes hello;
  ends = std::make_unique<Ends>([&] {
    EXPECT_TRUE(ends->client_out.to_peer.empty());
    const Connection other = client_connection(ends->client_out);
    hello = ends->client_out.to_peer;
  });
  ASSERT_TRUE(ends->answer());
  const Bytes& sent = ends->client_out.to_peer;
  ASSERT_GT(sent.size(), hello.size());
  EXPECT_TRUE(std::equal(hello.rbegin(), hello.rend(), sent.rbegin())) << "it comes behind";
  EXPECT_TRUE(ends->server.receive(ByteView(sent).first(sent.size() - hello.size()), now, ends->server_out));
  EXPECT_TRUE(ends->server.is_handshake_complete());
}

TEST(Callbacks, what_throws_ends_the_connection_with_an_alert) {
  const Error failed = Fatal{Reason::application_failed};
  const auto thrower = [] { throw std::runtime_error("a callback"); };
  Ends with_verifier(thrower);
  EXPECT_EQ(with_verifier.answer().error(), failed);
  EXPECT_EQ(with_verifier.server.receive(with_verifier.client_out.to_peer, now, with_verifier.server_out).error(),
            Error(PeerAlert{AlertDescription::internal_error}));
  EXPECT_EQ(with_verifier.client->send(Bytes{1}, with_verifier.client_out).error(), failed);

  ServerConfig config = server_config();
  config.key_log = [](std::string_view) { throw std::runtime_error("a key log"); };
  Ends with_key_log([] {}, config);
  EXPECT_EQ(with_key_log.server.receive(with_key_log.client_out.to_peer, now, with_key_log.server_out).error(), failed);
  EXPECT_EQ(with_key_log.server_out.to_peer, alert_record(Reason::application_failed)) << "no flight without its keys";
}

TEST(Callbacks, a_store_that_throws_ends_the_connection) {
  ClientConfig client = client_config();
  ServerConfig server = server_config();
  client.versions = server.versions = {ProtocolVersion::tls12};
  server.sessions = std::make_shared<ForgetfulStore>();
  ConnectionPair pair(client, server);
  EXPECT_FALSE(pair.run_handshake());
  EXPECT_EQ(*pair.server().failure(), Error(Fatal{Reason::application_failed}));
  EXPECT_EQ(*pair.client().failure(), Error(PeerAlert{AlertDescription::internal_error}));
}

TEST(Callbacks, an_input_may_be_a_part_of_the_output) {
  ConnectionPair pair(client_config(), server_config());
  ASSERT_TRUE(pair.run_handshake());
  const Bytes data(1000, 7);
  ASSERT_TRUE(pair.client().send(data, pair.client_out));
  pair.client_out.to_peer.shrink_to_fit();
  const Bytes sent = pair.client_out.to_peer;
  ASSERT_TRUE(pair.client().send(pair.client_out.to_peer, pair.client_out));
  EXPECT_TRUE(std::equal(sent.begin(), sent.end(), pair.client_out.to_peer.begin()));
  ASSERT_TRUE(pair.server().receive(pair.client_out.to_peer, now, pair.client_out));
  Bytes delivered = data;
  append(delivered, sent);
  EXPECT_EQ(pair.client_out.application_data, delivered);
}

TEST(Callbacks, a_stream_refuses_its_callbacks_and_may_be_destroyed_by_them) {
  Wire wire;
  std::optional<Stream> stream;
  Transport transport = wire.transport();
  StreamOutcome inner = Done{};
  transport.read = [&](MutableBytes) -> Transferred {
    inner = stream->write(Bytes{1});
    stream.reset();
    return std::size_t{0};
  };
  stream.emplace(Stream::client(std::move(transport), shared_client_config(), "localhost"));
  EXPECT_EQ(stream->handshake().error(), fatal(Reason::transport_truncated));
  EXPECT_EQ(inner.error(), StreamError(Misuse::called_from_callback));
  EXPECT_FALSE(stream);
}

TEST(Callbacks, a_transport_that_throws_has_failed) {
  Wire wire;
  Transport transport = wire.transport();
  transport.read = [](MutableBytes) -> Transferred { throw std::runtime_error("read"); };
  Stream unread = Stream::client(std::move(transport), shared_client_config(), "localhost");
  EXPECT_EQ(unread.handshake().error().kind(), Kind::read_failed);
  transport = wire.transport();
  transport.write = [](ByteView) -> Transferred { throw std::runtime_error("write"); };
  Stream unwritten = Stream::client(std::move(transport), shared_client_config(), "localhost");
  EXPECT_EQ(unwritten.handshake().error().kind(), Kind::write_failed);
}

TEST(Callbacks, a_choice_that_throws_or_cannot_be_used_is_told_to_the_client) {
  const auto answer_of = [](const ChooseConfig& choose) {
    ServerSide side;
    side.stream = Stream::server(side.wire.transport(), choose);
    const StreamOutcome outcome = side.stream.handshake();
    EXPECT_EQ(side.wire.to_peer, alert_record(Reason::application_failed));
    EXPECT_EQ(side.stream.handshake().error(), outcome.error()) << "sticky";
    return outcome.error();
  };
  EXPECT_EQ(answer_of([](const Offer&) -> Result<std::shared_ptr<const ServerConfig>, Reason> { throw 1; }),
            fatal(Reason::application_failed));
  EXPECT_EQ(answer_of([](const Offer&) { return std::make_shared<const ServerConfig>(); }),
            StreamError(Misuse::provider_missing));
  EXPECT_EQ(answer_of([](const Offer&) { return std::shared_ptr<const ServerConfig>(); }), StreamError(Misuse::config_missing));
}

TEST(Callbacks, an_accepted_connection_outlasts_a_configuration_that_cannot_be_used) {
  Output hello, out;
  const Connection client = client_connection(hello);
  Accepted accepted = accept(hello, out);
  EXPECT_EQ(std::move(accepted).into_connection(nullptr, now, out).error(), Error(Misuse::config_missing));
  EXPECT_TRUE(std::move(accepted).into_connection(shared_server_config(), now, out));
}

}  // namespace
}  // namespace tocsin::testing
