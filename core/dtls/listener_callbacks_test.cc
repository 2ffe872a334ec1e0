// Callbacks of a Listener and of a DatagramClient that do what they should not.
#include <stdexcept>

#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

const Bytes stray = record_of(ContentType::alert, 0, 0, {1, 0});

class ListenerCallbacksTest : public ListenerTest {
 protected:
  /// An association whose client may move, and a record of its that comes from elsewhere.
  Bytes moved_record() {
    ServerConfig config = testing::server_config();
    config.connection_id_bytes = 4;
    listener = make(config);
    ClientConfig client_config = testing::client_config();
    client_config.connection_id_bytes = 0;
    client.emplace(now, client_config);
    EXPECT_TRUE(completes(*client));
    EXPECT_TRUE(client->client.send(Bytes{7}, client->out));
    return std::exchange(client->out.to_peer, {}).bytes;
  }
  std::optional<Client> client;
};

TEST_F(ListenerCallbacksTest, a_call_of_the_calling_listener_is_refused) {
  std::vector<Error> refused;
  ASSERT_TRUE(listener.set_callbacks({.on_discard = [&](const PeerAddress& from, const DiscardSeen&) {
    ListenerOutput inner;
    std::array<std::uint8_t, 32> key{};
    listener.receive(stray, from, at(now), inner);
    listener.on_timeout(at(now), inner);
    refused.push_back(listener.send(from, Bytes{1}, inner).error());
    refused.push_back(listener.close(from, at(now), inner).error());
    refused.push_back(listener.export_keying_material(from, "label", {}, key, inner).error());
    refused.push_back(listener.set_callbacks({}).error());
    EXPECT_TRUE(inner.to_peers.empty() && inner.told.empty());
  }}));
  listener.receive(stray, here, at(now), out);
  EXPECT_EQ(refused, std::vector<Error>(4, Misuse::called_from_callback));
  EXPECT_EQ(discarded(DiscardReason::called_from_callback), 1u);
  EXPECT_EQ(discarded(DiscardReason::listening_not_for_alert), 1u);
}

TEST_F(ListenerCallbacksTest, a_listener_may_be_destroyed_or_moved_by_its_callbacks) {
  std::optional<Listener> gone(make(testing::server_config()));
  ASSERT_TRUE(gone->set_callbacks({.on_discard = [&, kept = Bytes(100, 1)](const PeerAddress&, const DiscardSeen&) {
    gone.reset();
    EXPECT_EQ(kept, Bytes(100, 1)) << "the callback lives as long as its call";
  }}));
  gone->receive(stray, here, at(now), out);
  EXPECT_FALSE(gone);

  std::optional<Listener> elsewhere;
  ASSERT_TRUE(listener.set_callbacks(
      {.on_discard = [&](const PeerAddress&, const DiscardSeen&) { elsewhere.emplace(std::move(listener)); }}));
  listener.receive(stray, here, at(now), out);
  EXPECT_EQ(elsewhere->discarded()[static_cast<std::size_t>(DiscardReason::listening_not_for_alert)], 1u);
  listener.receive(stray, here, at(now), out);
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.close(here, at(now), out).error(), Error(Misuse::already_consumed));
  EXPECT_EQ(listener.deadline(), std::nullopt);
  EXPECT_EQ(listener.peers() + listener.connection_ids() + listener.cookies_sent(), 0u);
}

TEST_F(ListenerCallbacksTest, who_asks_about_an_address_may_close_that_peer_only_afterwards) {
  const Bytes record = moved_record();
  Outcome closed = Done{};
  ASSERT_TRUE(listener.set_callbacks({.may_change_address = [&](const PeerAddress& from, const PeerAddress&) {
    closed = listener.close(from, at(now), out);
    return true;
  }}));
  listener.receive(record, there, at(now), out);
  EXPECT_EQ(closed.error(), Error(Misuse::called_from_callback));
  EXPECT_NE(listener.negotiated(there), nullptr);
  EXPECT_TRUE(listener.close(there, at(now), out));
}

TEST_F(ListenerCallbacksTest, an_exception_keeps_the_address_and_is_no_reason_to_lose_data) {
  const Bytes record = moved_record();
  ASSERT_TRUE(listener.set_callbacks({
      .on_discard = [](const PeerAddress&, const DiscardSeen&) { throw std::runtime_error("discarded"); },
      .may_change_address = [](const PeerAddress&, const PeerAddress&) -> bool { throw std::runtime_error("asked"); },
  }));
  out = {};
  listener.receive(record, there, at(now), out);
  EXPECT_EQ(listener.negotiated(there), nullptr);
  EXPECT_NE(listener.negotiated(here), nullptr);
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(std::get<Bytes>(out.told[0].what), Bytes{7});
  listener.receive(stray, there, at(now), out);
  EXPECT_EQ(discarded(DiscardReason::listening_not_for_alert), 1u);
}

TEST_F(ListenerCallbacksTest, the_address_of_a_call_may_be_one_of_its_output) {
  Client first;
  ASSERT_TRUE(completes(first));
  out = {};
  out.told.push_back({here, ListenerEvent::handshake_complete});
  out.to_peers.shrink_to_fit();
  out.told.shrink_to_fit();
  ASSERT_TRUE(listener.send(out.told[0].peer, bytes_of("x"), out));
  ASSERT_TRUE(listener.close(out.to_peers[0].peer, at(now), out));
  ASSERT_EQ(out.to_peers.size(), 2u);
  EXPECT_EQ(out.to_peers[1].peer, here);
}

class DestroyingVerifier final : public CertificateVerifier {
 public:
  explicit DestroyingVerifier(std::function<void()> destroy) : destroy_(std::move(destroy)) {}
  Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                            UnixSeconds date) const override {
    destroy_();
    return testing::client_config().verifier->verify(chain, name, date);
  }

 private:
  std::function<void()> destroy_;
};

TEST_F(ListenerCallbacksTest, a_datagram_client_refuses_calls_of_its_callbacks_and_may_be_destroyed_by_them) {
  std::optional<Client> first;
  std::vector<Error> refused;
  ClientConfig config = testing::client_config();
  config.verifier = std::make_shared<DestroyingVerifier>([&] {
    refused.push_back(first->client.receive(stray, at(now), first->out).error());
    refused.push_back(first->client.on_timeout(at(now), first->out).error());
    refused.push_back(first->client.send(Bytes{1}, first->out).error());
    refused.push_back(first->client.close(first->out).error());
    const DatagramClient gone = std::move(first->client);
  });
  first.emplace(now, config);
  pump(*first);
  EXPECT_EQ(refused, std::vector<Error>(4, Misuse::called_from_callback));
  EXPECT_EQ(first->client.close(first->out).error(), Error(Misuse::already_consumed));
  EXPECT_EQ(first->client.deadline(), std::nullopt);
  EXPECT_EQ(first->client.failure(), nullptr);
  EXPECT_FALSE(first->client.is_handshake_complete() || first->client.is_closed_by_peer());
}

TEST(ListenerMake, refuses_a_configuration_that_cannot_be_used) {
  EXPECT_EQ(Listener::make(nullptr).error(), Error(Misuse::config_missing));
  EXPECT_EQ(Listener::make(std::make_shared<ServerConfig>()).error(), Error(Misuse::provider_missing));
  DatagramOutput out;
  EXPECT_EQ(DatagramClient::start(std::make_shared<ClientConfig>(), "localhost", {}, out).error(),
            Error(Misuse::provider_missing));
}

}  // namespace
}  // namespace tocsin::listening
