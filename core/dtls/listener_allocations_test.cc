// What a Listener allocates: nothing for what it discards. A program of its own, since it counts what operator new gives.
#include <cstdlib>
#include <new>

#include "core/dtls/listener_testing.h"

namespace {
std::size_t allocations = 0;
}

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

class ListenerAllocationsTest : public ListenerTest {
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
};

TEST_F(ListenerAllocationsTest, what_is_allocated_is_counted) {
  const std::size_t before = allocations;
  Client client;
  ASSERT_TRUE(completes(client));
  EXPECT_GT(allocations, before);
}

TEST_F(ListenerAllocationsTest, what_is_discarded_in_the_listen_state_is_not_allocated_for) {
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

TEST_F(ListenerAllocationsTest, what_an_association_discards_is_not_allocated_for) {
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

}  // namespace
}  // namespace tocsin::listening
