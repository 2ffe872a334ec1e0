// How long, and for whom, a Listener keeps what it has.
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

class OccupancyTest : public ListenerTest {
 protected:
  void configure(std::function<void(ServerConfig&)> set) {
    ServerConfig config = testing::server_config();
    set(config);
    listener = make(config);
  }

  /// To the server, and what it answers to the client.
  void exchange(Client& client, const PeerAddress& address) {
    to_listener(client, address);
    to_client(client, address);
  }
  /// As far as the client's last flight, of which nothing is sent yet.
  void begin(Client& client, const PeerAddress& address) {
    ListenerTest::begin(client, address);
    to_client(client, address);
    ASSERT_EQ(listener.negotiated(address), nullptr);
    ASSERT_FALSE(client.out.to_peer.empty());
  }
  void pass(std::int64_t ms) {
    for (const Instant end = now + Milliseconds{ms}; now < end;) {
      const auto due = listener.deadline();
      now = due ? std::min(std::max(*due, now), end) : end;
      listener.on_timeout(at(now), out);
    }
  }
  /// What stands in the only error that was told.
  std::optional<Reason> told_reason() {
    std::optional<Reason> why;
    for (const auto& told : std::exchange(out.told, {}))
      if (const auto* error = std::get_if<Error>(&told.what); error != nullptr && error->fatal() != nullptr)
        why = error->fatal()->why;
    return why;
  }
};

TEST_F(OccupancyTest, who_vanishes_amid_its_last_flight_is_forgotten) {
  Client client(now);
  begin(client, here);
  Datagrams flight = std::exchange(client.out.to_peer, {});
  bool is_first = true;
  flight.each([&](ByteView datagram) {
    // The ClientKeyExchange alone.
    const record::DtlsRecord record = **record::DatagramReader(datagram, record::DtlsVersions::initial, 0).next();
    if (std::exchange(is_first, false)) listener.receive(datagram.first(record.size_bytes()), here, at(now), out);
  });
  const Instant due = now + Milliseconds{Limits{}.peer_flight_ms_max};
  EXPECT_EQ(listener.deadline(), due);
  now = Instant{static_cast<std::int64_t>(due) - 1};
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.peers(), 1u);
  now = due;
  listener.on_timeout(at(now), out);
  EXPECT_EQ(listener.peers(), 0u);
  EXPECT_EQ(told_reason(), Reason::handshake_timed_out);
  EXPECT_EQ(listener.deadline(), std::nullopt);
}

TEST_F(OccupancyTest, a_handshake_takes_no_longer_than_the_configuration_lets_it) {
  configure([](ServerConfig& config) { config.handshake_timeout = Milliseconds{2500}; });
  Client slow(now), quick(now);
  begin(slow, here);
  ASSERT_TRUE(completes(quick, there));
  pass(2499);
  EXPECT_EQ(listener.peers(), 2u);
  out = {};
  pass(1);
  EXPECT_EQ(told_reason(), Reason::handshake_timed_out);
  EXPECT_EQ(listener.peers(), 1u);
  pass(1'000'000);
  EXPECT_NE(listener.negotiated(there), nullptr) << "it is over";
}

TEST_F(OccupancyTest, a_client_gives_up_after_that_time_too) {
  ClientConfig config = testing::client_config();
  config.handshake_timeout = Milliseconds{2500};
  Client client(now, config);
  const Instant start = now;
  while (client.client.deadline()) {
    now = *client.client.deadline();
    (void)client.client.on_timeout(at(now), client.out);
  }
  EXPECT_EQ(now, start + Milliseconds{2500});
  ASSERT_NE(client.client.failure(), nullptr);
  EXPECT_EQ(client.client.failure()->fatal()->why, Reason::handshake_timed_out);
}

TEST_F(OccupancyTest, who_is_silent_is_closed_and_who_is_not_stays) {
  configure([](ServerConfig& config) {
    config.idle_timeout = Milliseconds{10'000};
    config.linger_min = Milliseconds{100};
  });
  Client silent(now), busy(now);
  ASSERT_TRUE(completes(silent, here));
  ASSERT_TRUE(completes(busy, there));
  pass(6000);
  ASSERT_TRUE(busy.client.send(bytes_of("here"), busy.out));
  exchange(busy, there);
  // Anybody can send this.
  listener.receive(record_of(ContentType::application_data, 1, 99, Bytes(40, 0)), here, at(now), out);
  (void)events();
  pass(3999);
  EXPECT_EQ(listener.peers(), 2u);
  pass(1);
  EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::idle});
  ASSERT_EQ(out.to_peers.size(), 1u);
  EXPECT_EQ(out.to_peers[0].peer, here);
  exchange(silent, here);
  EXPECT_TRUE(silent.client.is_closed_by_peer()) << "it is told so";
  EXPECT_EQ(listener.negotiated(here), nullptr);
  EXPECT_NE(listener.negotiated(there), nullptr);
  pass(5999);
  EXPECT_NE(listener.negotiated(there), nullptr);
  pass(1);
  EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::idle});
  pass(100);
  EXPECT_EQ(listener.peers(), 0u);
  EXPECT_EQ(listener.deadline(), std::nullopt);
}

TEST_F(OccupancyTest, without_an_idle_timeout_an_association_is_kept) {
  Client client(now);
  ASSERT_TRUE(completes(client));
  EXPECT_EQ(listener.deadline(), std::nullopt);
}

TEST_F(OccupancyTest, the_oldest_handshake_makes_room_and_an_association_never_does) {
  configure([](ServerConfig& config) { config.limits.associations_max = 3; });
  const auto address = [](std::uint8_t number) { return PeerAddress{10, 0, 1, number}; };
  Client settled(now), first(now), second(now), third(now);
  begin(first, address(9));
  ASSERT_TRUE(completes(settled, address(1)));
  begin(second, address(5));
  ASSERT_EQ(listener.peers(), 3u);
  (void)events();
  begin(third, address(7));
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(out.told[0].peer, address(9));
  EXPECT_EQ(events(), std::vector<ListenerEvent>{ListenerEvent::evicted});
  EXPECT_EQ(listener.peers(), 3u);
  EXPECT_TRUE(completes(second, address(5)));
  EXPECT_TRUE(completes(third, address(7)));
  EXPECT_NE(listener.negotiated(address(1)), nullptr);

  Client late(now);
  exchange(late, address(8));
  exchange(late, address(8));
  EXPECT_EQ(discarded(DiscardReason::associations_too_many), 1u) << "those who are there stay";
  EXPECT_EQ(listener.peers(), 3u);
}

TEST_F(OccupancyTest, who_begins_anew_does_not_become_younger) {
  configure([](ServerConfig& config) { config.limits.associations_max = 2; });
  Client first(now), other(now), again(now), newcomer(now);
  begin(first, here);
  begin(other, there);
  begin(again, here);
  (void)events();
  begin(newcomer, PeerAddress{1});
  ASSERT_EQ(out.told.size(), 1u);
  EXPECT_EQ(out.told[0].peer, here);
}

/// Of the last number of an address, the tens.
Bytes tens_of(const PeerAddress& address) { return {static_cast<std::uint8_t>(address.back() / 10)}; }
PeerAddress at_number(std::uint8_t number) { return {10, 0, 1, number}; }

TEST_F(OccupancyTest, who_has_most_handshakes_under_way_makes_room_for_others) {
  configure([](ServerConfig& config) { config.limits.associations_max = 4; });
  ASSERT_TRUE(listener.set_callbacks({.source_of = tens_of}));
  Client slow(now), newcomer(now);
  std::vector<Client> crowd(5);
  begin(slow, at_number(1));
  for (std::uint8_t i = 0; i < 5; ++i) begin(crowd[i], at_number(20 + i));
  std::vector<PeerAddress> evicted;
  for (const auto& told : std::exchange(out.told, {})) evicted.push_back(told.peer);
  EXPECT_EQ(evicted, (std::vector{at_number(20), at_number(21)})) << "the crowd is one, and its own oldest goes";
  EXPECT_TRUE(completes(newcomer, at_number(31)));
  EXPECT_TRUE(completes(slow, at_number(1)));
  EXPECT_EQ(listener.peers(), 4u);
}

TEST_F(OccupancyTest, a_source_has_its_share_and_no_more) {
  configure([](ServerConfig& config) { config.limits.associations_per_source_max = 2; });
  ASSERT_TRUE(listener.set_callbacks({.source_of = tens_of}));
  Client settled(now), first(now), second(now), third(now), other(now);
  ASSERT_TRUE(completes(settled, at_number(20)));
  begin(first, at_number(21));
  begin(second, at_number(22));
  EXPECT_EQ(listener.peers(), 2u) << "its own oldest handshake makes room";
  ASSERT_TRUE(completes(second, at_number(22)));
  exchange(third, at_number(23));
  exchange(third, at_number(23));
  EXPECT_EQ(discarded(DiscardReason::associations_too_many), 1u);
  EXPECT_TRUE(completes(other, at_number(30)));
  ASSERT_TRUE(listener.close(at_number(20), at(now), out));
  pass(1'000'000);
  Client late(now);
  EXPECT_TRUE(completes(late, at_number(23))) << "what is left is there for others";
}

TEST_F(OccupancyTest, an_address_is_a_source_of_its_own_if_the_callback_throws) {
  configure([](ServerConfig& config) { config.limits.associations_per_source_max = 1; });
  ASSERT_TRUE(listener.set_callbacks({.source_of = [](const PeerAddress&) -> Bytes { throw std::runtime_error("asked"); }}));
  Client one(now), other(now);
  EXPECT_TRUE(completes(one, at_number(1)));
  EXPECT_TRUE(completes(other, at_number(2)));
}

TEST_F(OccupancyTest, times_that_are_none_are_refused) {
  using Time = std::optional<Milliseconds> ServerConfig::*;
  for (const Time field : {Time{&ServerConfig::handshake_timeout}, Time{&ServerConfig::idle_timeout}}) {
    ServerConfig config = testing::server_config();
    config.*field = Milliseconds{0};
    const auto made = Listener::make(std::make_shared<ServerConfig>(config));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error(), Error(Misuse::config_out_of_range));
  }
}

}  // namespace
}  // namespace tocsin::listening
