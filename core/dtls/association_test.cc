// An association whose cipher fails, and what else of it only its own records show.
#include "core/crypto/editing_testing.h"
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

TEST_F(ListenerTest, of_a_flight_that_cannot_be_sealed_nothing_goes_out_but_a_plaintext_alert) {
  const auto provider = std::make_shared<test::EditingProvider>(testing::provider());
  provider->is_broken = true;
  ClientConfig config = testing::client_config();
  config.provider = provider;
  Client client(now, config);
  Outcome outcome = Done{};
  while (outcome && !client.out.to_peer.empty()) {
    to_listener(client);
    for (const auto& addressed : std::exchange(out.to_peers, {}))
      outcome = client.client.receive(addressed.datagram, at(now), client.out);
  }
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error(), Error(Fatal{Reason::crypto_failed}));
  // No part of the client's second flight, of which the first messages need no key.
  EXPECT_EQ(client.out.to_peer.sizes_bytes, std::vector<std::size_t>{record::dtls_header_bytes + 2});
  pump(client);
  EXPECT_EQ(discarded(DiscardReason::alert_unauthenticated), 1u);
  EXPECT_EQ(listener.negotiated(here), nullptr);
}

TEST_F(ListenerTest, the_alert_of_a_broken_cipher_is_the_only_record_of_its_call) {
  const auto provider = std::make_shared<test::EditingProvider>(testing::provider());
  ClientConfig config = testing::client_config();
  config.provider = provider;
  Client client(now, config);
  ASSERT_TRUE(completes(client));
  provider->is_broken = true;
  EXPECT_EQ(client.client.send(bytes_of("x"), client.out).error(), Error(Fatal{Reason::crypto_failed}));
  ASSERT_EQ(client.out.to_peer.sizes_bytes.size(), 1u);
  const Bytes& alert = client.out.to_peer.bytes;
  ASSERT_EQ(alert.size(), record::dtls_header_bytes + 2);
  EXPECT_EQ(alert[0], static_cast<std::uint8_t>(ContentType::alert));
  EXPECT_EQ(Bytes(alert.begin() + 3, alert.begin() + 5), (Bytes{0, 0}));  // the epoch
  EXPECT_EQ(Bytes(alert.end() - 2, alert.end()), (Bytes{2, 80}));
}

TEST_F(ListenerTest, close_notify_is_a_warning) {  // RFC 5246 7.2.1
  Bytes sealed;
  const auto provider = std::make_shared<test::EditingProvider>(testing::provider());
  ServerConfig config = testing::server_config();
  config.provider = provider;
  listener = make(config);
  Client client(now);
  ASSERT_TRUE(completes(client));
  provider->edit = [&](MutableBytes plaintext) { sealed.assign(plaintext.begin(), plaintext.end()); };
  ASSERT_TRUE(listener.close(here, at(now), out));
  EXPECT_EQ(sealed, (Bytes{1, 0}));
}

TEST_F(ListenerTest, an_address_is_not_sent_as_a_server_name) {
  for (const bool is_address : {false, true}) {
    const std::string name = is_address ? "192.0.2.1" : "localhost";
    DatagramOutput hello;
    ASSERT_TRUE(
        DatagramClient::start(std::make_shared<ClientConfig>(testing::client_config()), name, at(now), hello));
    EXPECT_EQ(text_of(hello.to_peer.bytes).find(name) == std::string_view::npos, is_address);
  }
}

}  // namespace
}  // namespace tocsin::listening
