// When a Listener sends its flight again because the client repeats its own (RFC 6347 4.2.4): as often as that is proved, and
// a few times where it could be forged.
#include <array>

#include "core/base/testing.h"
#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

/// A client whose server has completed, and whose server's last flight is lost.
class LastFlightTest : public ListenerTest {
 protected:
  LastFlightTest() {
    begin(client);
    server_flight = out.to_peers;
    to_client(client);
    client_flight = client.out.to_peer.bytes;
    to_listener(client);
    last_flight = std::exchange(out.to_peers, {});
  }
  Client client{now};
  std::vector<ListenerOutput::Addressed> server_flight, last_flight;
  Bytes client_flight;
};

//= RFC 6347 4.2.4 //# MUST respond to a retransmit of the peer's last flight with a retransmit of the last
TEST_F(LastFlightTest, is_sent_again_for_each_repetition_that_authenticates_more_often_than_plaintext_could_ask_for) {
  ASSERT_FALSE(client.client.is_handshake_complete());
  ASSERT_FALSE(last_flight.empty());
  const std::uint32_t limit = Limits{}.retransmissions_max;
  std::size_t repetitions = 0;
  // Late copies of the server's flight make the client repeat itself beside its timer.
  for (std::uint32_t i = 0; i < limit; ++i, ++repetitions) {
    for (const auto& addressed : server_flight) ASSERT_TRUE(client.client.receive(addressed.datagram, at(now), client.out));
    ASSERT_FALSE(client.out.to_peer.empty());
    to_listener(client);
    EXPECT_EQ(std::exchange(out.to_peers, {}).size(), last_flight.size()) << repetitions;
  }
  for (std::uint32_t i = 0; i < limit; ++i, ++repetitions) {
    now = *client.client.deadline();
    ASSERT_TRUE(client.client.on_timeout(at(now), client.out));
    to_listener(client);
    EXPECT_EQ(out.to_peers.size(), last_flight.size()) << repetitions;
    if (i + 1 < limit) out.to_peers.clear();
  }
  EXPECT_GT(repetitions, limit);
  pump(client);
  EXPECT_TRUE(client.client.is_handshake_complete());
  // What comes again then is answered by nobody: two ends would never be silent.
  ASSERT_TRUE(client.client.receive(last_flight.back().datagram, at(now), client.out));
  EXPECT_TRUE(client.out.to_peer.empty());
}

TEST_F(LastFlightTest, is_not_sent_again_for_what_is_replayed_or_forged) {
  listener.receive(client_flight, here, at(now), out);
  EXPECT_TRUE(out.to_peers.empty());
  EXPECT_EQ(discarded(DiscardReason::record_replayed), 1u);
  // The client's Finished in plaintext, as anybody can send it; and under keys that nobody has.
  Bytes finished = test::from_hex("14 00000c 0003 000000 00000c");
  finished.resize(finished.size() + 12, 0x55);
  for (const std::uint16_t epoch : std::array<std::uint16_t, 2>{0, 1}) {
    listener.receive(record_of(ContentType::handshake, epoch, 900, finished), here, at(now), out);
    EXPECT_TRUE(out.to_peers.empty()) << epoch;
  }
  EXPECT_EQ(discarded(DiscardReason::message_from_the_past), 2u);  // the ClientKeyExchange of the replay, too
  EXPECT_EQ(discarded(DiscardReason::record_bad_mac), 1u);
}

TEST_F(ListenerTest, a_flight_is_sent_again_for_a_hello_that_is_repeated_in_plaintext_but_not_for_ever) {
  Client client(now);
  fetch_cookie(client);
  const Bytes hello = client.out.to_peer.bytes;
  for (std::uint32_t copies = 0; copies <= 2 * Limits{}.retransmissions_max; ++copies) {
    listener.receive(hello, here, at(now), out);
    const bool is_due = copies <= Limits{}.retransmissions_max;  // the first one begins the handshake
    EXPECT_EQ(!std::exchange(out.to_peers, {}).empty(), is_due) << copies;
  }
}

}  // namespace
}  // namespace tocsin::listening
