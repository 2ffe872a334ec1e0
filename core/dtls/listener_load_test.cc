// What many peers, and many strays, cost a Listener.
#include <cstdlib>
#include <new>

#include "core/dtls/listener_testing.h"

namespace {
std::size_t allocations = 0;
}

// Of all of the unit tests: only counted.
void* operator new(std::size_t size_bytes) {
  ++allocations;
  if (void* made = std::malloc(size_bytes)) return made;
  std::abort();
}
void operator delete(void* gone) noexcept { std::free(gone); }
void operator delete(void* gone, std::size_t) noexcept { std::free(gone); }

namespace tocsin::listening {
namespace {

Bytes client_hello_of(const Bytes& body) {
  const auto size_bytes = static_cast<std::uint8_t>(body.size());
  Bytes message{1, 0, 0, size_bytes, 0, 0, 0, 0, 0, 0, 0, size_bytes};
  append(message, body);
  return message;
}

class ListenerLoadTest : public ListenerTest {
 protected:
  /// What it allocates to discard it a second time, without an answer.
  std::size_t allocated_for(const Bytes& stray, DiscardReason why) {
    listener.receive(stray, here, at(now), out);
    const std::uint64_t counted = discarded(why);
    const std::size_t before = allocations;
    listener.receive(stray, here, at(now), out);
    const std::size_t allocated = allocations - before;
    EXPECT_EQ(discarded(why), counted + 1) << name_of(why);
    EXPECT_TRUE(out.to_peers.empty() && out.told.empty()) << name_of(why);
    return allocated;
  }
  /// A handshake from there that stays at the server's flight.
  void begin(const PeerAddress& address) {
    Client client(now);
    std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) { listener.receive(datagram, address, at(now), out); });
    ASSERT_TRUE(client.client.receive(out.to_peers.at(0).datagram, at(now), client.out));
    std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) { listener.receive(datagram, address, at(now), out); });
    out = {};
  }
};

TEST_F(ListenerLoadTest, what_is_discarded_in_the_listen_state_is_not_allocated_for) {
  const std::pair<Bytes, DiscardReason> strays[] = {
      {{}, DiscardReason::datagram_empty},
      {Bytes(200, 0xff), DiscardReason::record_type_unknown},
      {Bytes(12, 22), DiscardReason::record_truncated},
      {record_of(ContentType::alert, 1, 5, Bytes(26, 1)), DiscardReason::listening_for_plaintext},
      {record_of(ContentType::alert, 0, 0, {1, 0}), DiscardReason::listening_not_for_alert},
      {record_of(ContentType::handshake, 0, 0, Bytes(12, 0)), DiscardReason::listening_not_for_message},
      {record_of(ContentType::handshake, 0, 0, client_hello_of({0xfe, 0xfd})), DiscardReason::hello_malformed},
  };
  for (const auto& [stray, why] : strays) EXPECT_EQ(allocated_for(stray, why), 0u) << name_of(why);
}

TEST_F(ListenerLoadTest, what_an_association_discards_is_not_allocated_for) {
  Client client;
  ASSERT_TRUE(completes(client));
  ASSERT_TRUE(client.client.send(bytes_of("once"), client.out));
  const Bytes data = std::exchange(client.out.to_peer, {}).bytes;
  listener.receive(data, here, at(now), out);
  out = {};
  const std::pair<Bytes, DiscardReason> strays[] = {
      {data, DiscardReason::record_replayed},
      {record_of(ContentType::application_data, 1, 900, Bytes(60, 1)), DiscardReason::record_bad_mac},
      {record_of(ContentType::application_data, 0, 900, {1}), DiscardReason::application_data_unprotected},
      {record_of(ContentType::alert, 0, 900, {2, 40}), DiscardReason::alert_unauthenticated},
  };
  for (const auto& [stray, why] : strays) EXPECT_EQ(allocated_for(stray, why), 0u) << name_of(why);
}

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
