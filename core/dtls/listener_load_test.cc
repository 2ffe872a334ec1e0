// What many peers cost a Listener.
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

class ListenerLoadTest : public ListenerTest {
 protected:
  /// A handshake from there that stays at the server's flight.
  void begin(const PeerAddress& address) {
    Client client(now);
    ListenerTest::begin(client, address);
    out = {};
  }
};

TEST_F(ListenerLoadTest, the_first_deadline_of_many_is_known_and_only_who_is_due_is_called) {
  constexpr std::uint8_t peers = 20;
  const auto address = [](std::uint8_t number) { return PeerAddress{10, 0, 1, number}; };
  const Instant start = now;
  for (std::uint8_t i = 0; i < peers; ++i) {  // 37 ms after one another, not in the order of their addresses
    now = start + Milliseconds{37 * (7 * i % peers)};
    begin(address(i));
  }
  EXPECT_EQ(listener.deadline(), start + Milliseconds{1000});
  for (std::uint8_t nth = 0; nth < peers; ++nth) {
    ASSERT_EQ(listener.deadline(), start + Milliseconds{1000 + 37 * nth});
    now = *listener.deadline();
    listener.on_timeout(at(now), out);
    ASSERT_FALSE(out.to_peers.empty());
    for (const auto& again : out.to_peers) EXPECT_EQ(7 * again.peer[3] % peers, nth);
    out = {};
  }
  EXPECT_EQ(listener.deadline(), start + Milliseconds{1000 + 2000});
  for (std::size_t calls = 0; listener.deadline(); ++calls) {
    ASSERT_LE(calls, peers * (Limits{}.retransmissions_max + 1));
    now = *listener.deadline();
    listener.on_timeout(at(now), out);
  }
  EXPECT_EQ(listener.peers(), 0u);
}

TEST_F(ListenerLoadTest, of_the_associations_that_linger_at_one_address_the_oldest_is_forgotten) {
  std::vector<Bytes> late;
  const std::size_t limit = Limits{}.lingering_associations_per_peer_max;
  for (std::size_t i = 0; i <= limit; ++i) {
    Client client;
    ASSERT_TRUE(completes(client));
    ASSERT_TRUE(client.client.close(client.out));
    late.push_back(std::exchange(client.out.to_peer, {}).bytes);
    ASSERT_TRUE(listener.close(here, at(now), out));
    out = {};
  }
  for (const Bytes& close_notify : late) listener.receive(close_notify, here, at(now), out);
  EXPECT_EQ(discarded(DiscardReason::close_notify_late), limit);
  EXPECT_EQ(discarded(DiscardReason::record_bad_mac), 1u);
}

}  // namespace
}  // namespace tocsin::listening
