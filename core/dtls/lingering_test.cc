// For how long, and for how many, a Listener knows the late records of what was closed.
#include "core/crypto/editing_testing.h"
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

class LingeringTest : public ListenerTest {
 protected:
  static ServerConfig config_with(Milliseconds linger_min) {
    ServerConfig config = testing::server_config();
    config.linger_min = linger_min;
    return config;
  }
};

TEST_F(LingeringTest, lasts_for_two_round_trips_if_that_is_longer) {
  for (const std::int64_t linger_min_ms : {100, 1800, 5000}) {
    listener = make(config_with(Milliseconds{linger_min_ms}));
    Client client(now);
    begin(client);
    now = now + Milliseconds{900};
    ASSERT_TRUE(completes(client));
    ASSERT_TRUE(listener.close(here, at(now), out));
    EXPECT_EQ(listener.deadline(), now + Milliseconds{std::max<std::int64_t>(2 * 900, linger_min_ms)});
    listener.on_timeout(at(*listener.deadline()), out);
    EXPECT_EQ(listener.peers(), 0u);
  }
}

TEST_F(LingeringTest, takes_no_round_trip_from_a_flight_that_was_sent_twice) {  // RFC 6298 3: which one was answered?
  listener = make(config_with(Milliseconds{100}));
  Client client(now);
  begin(client);
  now = *listener.deadline();
  listener.on_timeout(at(now), out);
  now = now + Milliseconds{900};
  ASSERT_TRUE(completes(client));
  ASSERT_TRUE(listener.close(here, at(now), out));
  EXPECT_EQ(listener.deadline(), now + Milliseconds{100});
}

TEST_F(LingeringTest, ends_before_a_later_deadline_of_the_next_handshake) {
  Client first(now);
  ASSERT_TRUE(completes(first));
  ASSERT_TRUE(listener.close(here, at(now), out));
  const auto until = listener.deadline();
  ASSERT_EQ(until, now + ServerConfig{}.linger_min);
  now = *until + Milliseconds{-1};
  Client second(now);
  begin(second);
  EXPECT_EQ(listener.deadline(), until);
  listener.on_timeout(at(*until), out);
  EXPECT_EQ(listener.deadline(), now + RetransmissionTimes{}.initial);
}

TEST_F(LingeringTest, is_for_as_many_as_the_limit_says_at_all_addresses_together) {
  for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    ServerConfig config = testing::server_config();
    config.limits.lingering_associations_max = limit;
    listener = make(config);
    for (const PeerAddress& address : {here, there, PeerAddress{10, 0, 0, 3}}) {
      Client client(now);
      ASSERT_TRUE(completes(client, address));
      ASSERT_TRUE(listener.close(address, at(now), out));
    }
    EXPECT_EQ(listener.peers(), limit);
  }
}

TEST_F(LingeringTest, is_no_association_that_the_caller_could_use) {
  Client client(now);
  ASSERT_TRUE(completes(client));
  ASSERT_TRUE(listener.close(here, at(now), out));
  ASSERT_EQ(listener.peers(), 1u);
  Bytes key(16);
  EXPECT_EQ(listener.close(here, at(now), out).error(), Error(Misuse::peer_unknown));
  EXPECT_EQ(listener.send(here, bytes_of("x"), out).error(), Error(Misuse::peer_unknown));
  EXPECT_EQ(listener.export_keying_material(here, "label", {}, key, out).error(), Error(Misuse::peer_unknown));
  EXPECT_EQ(listener.negotiated(here), nullptr);
}

// RFC 5246 7.2: what is neither warning nor fatal is no alert, and so no close_notify.
TEST_F(LingeringTest, takes_no_alert_of_no_level_for_a_late_close_notify) {
  for (const std::uint8_t level : Bytes{1, 3}) {
    ClientConfig config = testing::client_config();
    const auto provider = std::make_shared<test::EditingProvider>(config.provider);
    config.provider = provider;
    Client live(now, config), closed(now, config);
    ASSERT_TRUE(completes(live));
    ASSERT_TRUE(completes(closed, there));
    ASSERT_TRUE(listener.close(there, at(now), out));
    out = {};
    provider->edit = [&](MutableBytes alert) { alert[0] = level; };
    ASSERT_TRUE(live.client.close(live.out));
    ASSERT_TRUE(closed.client.close(closed.out));
    to_listener(closed, there);
    EXPECT_EQ(events(), level == 1 ? std::vector{ListenerEvent::late_close_notify} : std::vector<ListenerEvent>{});
    to_listener(live);
    ASSERT_EQ(out.told.size(), 1u);
    if (level == 1) {
      EXPECT_EQ(std::get<ListenerEvent>(out.told[0].what), ListenerEvent::peer_closed);
    } else {
      EXPECT_EQ(std::get<Error>(out.told[0].what), Error(Fatal{Reason::alert_level_invalid}));
    }
    out = {};
    listener = make(testing::server_config());
  }
}

TEST_F(LingeringTest, does_not_count_an_alert_to_the_current_association_as_a_stray) {
  Client first(now), second(now);
  ASSERT_TRUE(completes(first));
  ASSERT_TRUE(listener.close(here, at(now), out));
  ASSERT_TRUE(completes(second));
  const auto before = listener.discarded();
  ASSERT_TRUE(second.client.close(second.out));
  (void)events();
  to_listener(second);
  EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::peer_closed});
  EXPECT_EQ(listener.discarded(), before);
}

}  // namespace
}  // namespace tocsin::listening
