// An alert in plaintext, which anybody can forge: it ends nothing, but a flight that nothing else answers is given up sooner,
// and the error tells of it.
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

const Bytes handshake_failure{2, 40};

class RefusalTest : public ListenerTest {
 protected:
  /// The server has no group of the client's.
  static ServerConfig config_without_common_group() {
    ServerConfig config = testing::server_config();
    config.groups = {NamedGroup::secp384r1};
    return config;
  }
  static ClientConfig client_config() {
    ClientConfig config = testing::client_config();
    config.groups = {NamedGroup::x25519};
    return config;
  }
  /// Lets the client wait for its deadline, sends what it has then, and so on until it fails.
  Error failure_of(Client& client) {
    for (;;) {
      pump(client);
      if (client.client.failure() != nullptr) return *client.client.failure();
      now = client.client.deadline().value();
      (void)client.client.on_timeout(at(now), client.out);
    }
  }
  static Error timed_out(std::optional<AlertDescription> said) { return Fatal{Reason::handshake_timed_out, {}, said}; }
};

//= RFC 6347 4.1.2.7 //# In general, invalid records SHOULD be silently discarded, thus preserving the
TEST_F(RefusalTest, of_a_server_without_anything_in_common_ends_the_clients_wait_after_three_transmissions) {
  listener = make(config_without_common_group());
  const Instant begin = now;
  Client client(now, client_config());
  EXPECT_EQ(failure_of(client), timed_out(AlertDescription::handshake_failure));
  EXPECT_EQ(now, begin + Milliseconds{7000});  // sent after 0, 1 and 3 seconds
  const std::string text = client.client.failure()->describe();
  EXPECT_NE(text.find("The peer, unauthenticated, said handshake_failure 40."), std::string::npos) << text;
  ASSERT_FALSE(out.told.empty());
  EXPECT_EQ(std::get<Error>(out.told.back().what), Error(Fatal{Reason::no_common_group}));
}

TEST_F(RefusalTest, is_remembered_although_cookies_are_asked_for_again) {
  ServerConfig config = config_without_common_group();
  config.cookie_period = Milliseconds{1};
  listener = make(config);
  Client client(now, client_config());
  EXPECT_EQ(failure_of(client), timed_out(AlertDescription::handshake_failure));
  EXPECT_EQ(listener.cookies_sent(), 3u);  // each is too old for the next transmission
}

TEST_F(RefusalTest, is_said_once_for_each_datagram) {
  listener = make(config_without_common_group());
  Client client(now, client_config());
  fetch_cookie(client);
  const Bytes with_cookie = client.out.to_peer.bytes;
  Bytes many;
  for (int i = 0; i < 20; ++i) append(many, with_cookie);
  listener.receive(many, here, at(now), out);
  EXPECT_EQ(out.to_peers.size(), 1u);
  EXPECT_EQ(discarded(DiscardReason::hello_repeated), 19u);
  listener.receive(with_cookie, here, at(now), out);
  EXPECT_EQ(out.to_peers.size(), 2u) << "it may be asked for again";
}

TEST_F(RefusalTest, that_is_forged_does_not_keep_a_handshake_from_completing) {
  Client client(now);
  for (std::uint32_t i = 0; i <= Limits{}.plaintext_refusals_max; ++i) {
    if (i != 0) {
      now = client.client.deadline().value();
      ASSERT_TRUE(client.client.on_timeout(at(now), client.out));
    }
    if (i < Limits{}.plaintext_refusals_max) client.out.to_peer = {};  // lost
    ASSERT_TRUE(client.client.receive(record_of(ContentType::alert, 0, i, handshake_failure), at(now), client.out));
  }
  EXPECT_TRUE(completes(client));
}

TEST_F(RefusalTest, that_is_forged_is_forgotten_once_the_peer_goes_on) {
  Client client(now);
  ASSERT_TRUE(client.client.receive(record_of(ContentType::alert, 0, 0, handshake_failure), at(now), client.out));
  begin(client);
  to_client(client);
  Outcome outcome = Done{};
  while (outcome) {
    now = client.client.deadline().value();
    outcome = client.client.on_timeout(at(now), client.out);
  }
  EXPECT_EQ(outcome.error(), timed_out({}));
}

TEST_F(RefusalTest, below_the_level_fatal_or_malformed_is_no_refusal) {
  for (const Bytes& content : {Bytes{1, 40}, Bytes{2}, Bytes{2, 40, 0}}) {
    Client client(now);
    Outcome outcome = Done{};
    while (outcome) {
      ASSERT_TRUE(client.client.receive(record_of(ContentType::alert, 0, 0, content), at(now), client.out));
      now = client.client.deadline().value();
      outcome = client.client.on_timeout(at(now), client.out);
    }
    EXPECT_EQ(outcome.error(), timed_out({}));
  }
}

TEST_F(RefusalTest, of_a_client_is_told_by_the_listener_when_its_wait_is_over) {
  Client client(now);
  begin(client);
  out.told.clear();
  listener.receive(record_of(ContentType::alert, 0, 9, {2, 48}), here, at(now), out);
  EXPECT_TRUE(out.told.empty());
  while (const auto due = listener.deadline()) {
    now = *due;
    listener.on_timeout(at(now), out);
  }
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(std::get<Error>(out.told[0].what), timed_out(AlertDescription::unknown_ca));
}

}  // namespace
}  // namespace tocsin::listening
