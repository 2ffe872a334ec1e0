// Resumption in DTLS 1.2, between a Listener and its clients.
#include <gtest/gtest.h>

#include "core/connection/tls12_resumption_testing.h"
#include "tocsin/listener.h"

namespace tocsin {
namespace {

using testing::By;
using testing::Resuming;

const PeerAddress here{10, 0, 0, 1};

/// A client and a listener, and the datagrams between them, of which each end's may be lost.
class DtlsResumption : public ::testing::Test {
 protected:
  static Now at(Instant instant) {
    return {instant, UnixSeconds{static_cast<std::int64_t>(testing::date) + static_cast<std::int64_t>(instant) / 1000}};
  }
  void listen() {
    listener.emplace(std::move(*Listener::make(std::make_shared<ServerConfig>(ends.server))));
  }
  /// lost: which datagrams of both, in their order, do not arrive. Nothing: the handshake did not complete.
  std::optional<bool> run(std::vector<std::size_t> lost = {}) {
    DatagramOutput to_server;
    ListenerOutput to_client;
    auto client =
        std::move(*DatagramClient::start(std::make_shared<ClientConfig>(ends.client), "localhost", at(now), to_server));
    std::size_t number = 0;
    const auto arrives = [&] { return std::ranges::find(lost, number++) == lost.end(); };
    for (int silent = 0; silent < 100; ++silent) {
      for (bool moved = true; moved;) {
        moved = false;
        std::exchange(to_server.to_peer, {}).each([&](ByteView datagram) {
          moved = true;
          EXPECT_LE(datagram.size(), ends.client.datagram_bytes_max);
          if (arrives()) listener->receive(datagram, here, at(now), to_client);
        });
        for (const auto& addressed : std::exchange(to_client.to_peers, {})) {
          moved = true;
          if (arrives()) (void)client.receive(addressed.datagram, at(now), to_server);
        }
      }
      if (client.is_handshake_complete() && listener->negotiated(here) != nullptr) break;
      now = now + Milliseconds{1000};
      (void)client.on_timeout(at(now), to_server);
      listener->on_timeout(at(now), to_client);
    }
    if (!client.is_handshake_complete() || listener->negotiated(here) == nullptr) return std::nullopt;
    const bool is_resumed = client.negotiated().resumed;
    EXPECT_EQ(listener->negotiated(here)->resumed, is_resumed);
    Bytes ours(40), theirs(40);
    EXPECT_TRUE(client.export_keying_material("label", {}, ours, to_server));
    EXPECT_TRUE(listener->export_keying_material(here, "label", {}, theirs, to_client));
    EXPECT_EQ(ours, theirs);
    EXPECT_TRUE(client.send(bytes_of("data"), to_server));
    bool has_come = false;
    std::exchange(to_server.to_peer, {}).each([&](ByteView datagram) { listener->receive(datagram, here, at(now), to_client); });
    for (const auto& told : to_client.told) {
      const auto* data = std::get_if<Bytes>(&told.what);
      has_come = has_come || (data != nullptr && text_of(*data) == "data");
    }
    EXPECT_TRUE(has_come);
    (void)client.close(to_server);
    (void)listener->close(here, at(now), to_client);
    now = now + Milliseconds{10000};
    listener->on_timeout(at(now), to_client);
    return is_resumed;
  }

  Resuming ends;
  std::optional<Listener> listener;
  Instant now{1000};
};

constexpr std::optional<bool> resumed{true}, in_full{false};

TEST_F(DtlsResumption, a_second_association_resumes_the_first) {
  for (const By by : {By::ticket, By::session_id}) {
    ends = Resuming(by);
    listen();
    ASSERT_EQ(run(), in_full);
    EXPECT_EQ(run(), resumed);
    EXPECT_EQ(run(), resumed);
  }
}

TEST_F(DtlsResumption, whatever_datagrams_are_lost) {
  for (const By by : {By::ticket, By::session_id}) {
    ends = Resuming(by);
    listen();
    ASSERT_EQ(run(), in_full);
    for (std::size_t pattern = 0; pattern < 64; ++pattern) {
      std::vector<std::size_t> lost;
      for (std::size_t i = 0; i < 6; ++i)
        if ((pattern >> i & 1) != 0) lost.push_back(i);
      EXPECT_EQ(run(lost), resumed) << pattern;
    }
  }
}

TEST_F(DtlsResumption, a_session_ages_by_the_date_of_the_call) {
  listen();
  ASSERT_EQ(run(), in_full);
  ends.client.session_lifetime_s = 86400;
  now = Instant{7199'000};
  EXPECT_EQ(run(), resumed);
  now = Instant{7202'000};
  EXPECT_EQ(run(), in_full);
}

TEST_F(DtlsResumption, sessions_of_tls_and_dtls_are_apart) {
  listen();
  ASSERT_EQ(ends.run(), in_full);
  EXPECT_EQ(run(), in_full);
  EXPECT_EQ(ends.cache->size(), 2u);
  EXPECT_EQ(ends.run(), resumed);
  EXPECT_EQ(run(), resumed);
}

TEST_F(DtlsResumption, a_ticket_that_would_not_leave_room_for_the_client_hello_is_not_offered) {
  ends.client.certificates = {testing::key_of("client-rsa2048")};
  ends.server.client_authentication = ClientAuthentication::required;
  ends.server.client_verifier = *trust_clients_path("harnesses/testdata/client-ca.pem");
  listen();
  ASSERT_EQ(run(), in_full);
  EXPECT_EQ(run(), in_full);
  ends.client.datagram_bytes_max = 4000;
  EXPECT_EQ(run(), resumed);
}

}  // namespace
}  // namespace tocsin
