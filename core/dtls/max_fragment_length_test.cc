// max_fragment_length (RFC 6066 section 4) over datagrams, in a full handshake and in a resumed one.
#include <algorithm>

#include "core/dtls/listener_testing.h"

namespace tocsin::listening {
namespace {

constexpr std::size_t overhead_bytes = 8 + 16;  // of a protected record

class DtlsMaxFragmentLength : public ListenerTest {
 protected:
  DtlsMaxFragmentLength() {
    ServerConfig server = testing::server_config();
    server.certificates = {
        *certified_key_from_files("harnesses/testdata/server-rsa2048.pem", "harnesses/testdata/server-rsa2048.key.pem")};
    server.ticket_secret = Secret(Bytes(32, 3));
    listener = make(server);
    client_config.sessions = std::make_shared<SessionCache>();
    client_config.max_fragment_length = MaxFragmentLength::bytes_512;
  }

  void note(ByteView datagram) {
    record::DatagramReader reader(datagram, record::DtlsVersions::initial);
    while (const auto next = reader.next())
      longest_bytes[(*next)->header.epoch] = std::max(longest_bytes[(*next)->header.epoch], (*next)->fragment.size());
  }
  /// A handshake, and as much data as a record holds in either direction.
  bool completes_with_data(Client& client) {
    for (bool moved = true; moved;) {
      moved = false;
      std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) {
        listener.receive(datagram, here, at(now), out);
        moved = true;
      });
      for (const auto& addressed : std::exchange(out.to_peers, {})) {
        note(addressed.datagram);
        (void)client.client.receive(addressed.datagram, at(now), client.out);
        moved = true;
      }
    }
    if (!client.client.is_handshake_complete() || listener.negotiated(here) == nullptr) return false;
    client.out.application_data.clear();
    const Bytes data(512, 7), too_long(513, 7);
    EXPECT_EQ(client.client.send(too_long, client.out).error(), Error(Misuse::datagram_too_long));
    EXPECT_EQ(listener.send(here, too_long, out).error(), Error(Misuse::datagram_too_long));
    EXPECT_TRUE(client.client.send(data, client.out));
    EXPECT_TRUE(listener.send(here, data, out));
    for (const auto& addressed : out.to_peers) note(addressed.datagram);
    out.told.clear();
    pump(client);
    EXPECT_EQ(client.out.application_data.bytes, data);
    const auto* told = out.told.empty() ? nullptr : std::get_if<Bytes>(&out.told.front().what);
    EXPECT_TRUE(told != nullptr && *told == data);
    return true;
  }

  ClientConfig client_config = testing::client_config();
  std::array<std::size_t, 2> longest_bytes{};  // of the server's records, by epoch
};

TEST_F(DtlsMaxFragmentLength, a_flight_and_data_keep_to_it) {
  Client client(now, client_config);
  ASSERT_TRUE(completes_with_data(client));
  EXPECT_FALSE(client.client.negotiated().resumed);
  EXPECT_EQ(longest_bytes, (std::array<std::size_t, 2>{512, 512 + overhead_bytes}));
}

TEST_F(DtlsMaxFragmentLength, it_goes_on_to_hold_where_the_session_is_resumed) {
  Client first(now, client_config);
  ASSERT_TRUE(completes_with_data(first));
  ASSERT_TRUE(first.client.close(first.out));
  ASSERT_TRUE(listener.close(here, at(now), out));
  out = {};
  longest_bytes = {};
  Client second(now, client_config);
  ASSERT_TRUE(completes_with_data(second));
  EXPECT_TRUE(second.client.negotiated().resumed);
  EXPECT_EQ(longest_bytes[1], 512 + overhead_bytes);
}

TEST_F(DtlsMaxFragmentLength, a_client_that_asks_for_another_gets_a_full_handshake) {
  Client first(now, client_config);
  ASSERT_TRUE(completes_with_data(first));
  ASSERT_TRUE(listener.close(here, at(now), out));
  out = {};
  client_config.max_fragment_length = MaxFragmentLength::bytes_1024;
  Client second(now, client_config);
  ASSERT_TRUE(completes(second));
  EXPECT_FALSE(second.client.negotiated().resumed);
  EXPECT_TRUE(second.client.send(Bytes(1024, 7), second.out));
}

}  // namespace
}  // namespace tocsin::listening
