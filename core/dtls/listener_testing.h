#pragma once
// A Listener and clients in memory; for unit tests.
#include <gtest/gtest.h>

#include "core/connection/testing.h"
#include "core/record/dtls/header.h"
#include "tocsin/listener.h"

namespace tocsin::listening {

/// On the day of the unit tests.
constexpr Now at(Instant instant) { return {instant, testing::date}; }

inline const PeerAddress here{10, 0, 0, 1}, there{10, 0, 0, 2};

/// A client at an address, and what it has to send.
struct Client {
  explicit Client(Instant now = {}, const ClientConfig& config = testing::client_config())
      : client(std::move(*DatagramClient::start(std::make_shared<ClientConfig>(config), "localhost", at(now), out))) {}
  DatagramOutput out;
  DatagramClient client;
};

class ListenerTest : public ::testing::Test {
 protected:
  ListenerTest() : listener(make(testing::server_config())) {}

  static Listener make(const ServerConfig& config) {
    return std::move(*Listener::make(std::make_shared<ServerConfig>(config)));
  }

  void to_listener(Client& client, const PeerAddress& address = here) {
    std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) { listener.receive(datagram, address, at(now), out); });
  }
  void to_client(Client& client, const PeerAddress& address = here) {
    for (const auto& addressed : std::exchange(out.to_peers, {})) {
      if (addressed.peer != address) continue;
      ASSERT_TRUE(client.client.receive(addressed.datagram, at(now), client.out));
    }
  }
  /// What the client has to send then is its ClientHello with a cookie.
  void fetch_cookie(Client& client, const PeerAddress& address = here) {
    to_listener(client, address);
    ASSERT_FALSE(out.to_peers.empty());
    to_client(client, address);
  }
  /// The server's flight is out, and not answered yet.
  void begin(Client& client, const PeerAddress& address = here) {
    fetch_cookie(client, address);
    to_listener(client, address);
  }

  /// Moves datagrams between the client at that address and the listener until both are silent.
  void pump(Client& client, const PeerAddress& address = here) {
    for (bool moved = true; moved;) {
      moved = false;
      std::exchange(client.out.to_peer, {}).each([&](ByteView datagram) {
        listener.receive(datagram, address, at(now), out);
        moved = true;
      });
      for (const auto& addressed : std::exchange(out.to_peers, {})) {
        if (addressed.peer != address) continue;
        (void)client.client.receive(addressed.datagram, at(now), client.out);
        moved = true;
      }
    }
  }
  bool completes(Client& client, const PeerAddress& address = here) {
    pump(client, address);
    return client.client.is_handshake_complete() && listener.negotiated(address) != nullptr;
  }
  std::uint64_t discarded(DiscardReason why) const { return listener.discarded()[static_cast<std::size_t>(why)]; }
  std::vector<ListenerEvent> events() {
    std::vector<ListenerEvent> seen;
    for (const auto& told : std::exchange(out.told, {}))
      if (const auto* event = std::get_if<ListenerEvent>(&told.what)) seen.push_back(*event);
    return seen;
  }

  Listener listener;
  ListenerOutput out;
  Instant now{1000};
};

inline Bytes record_of(ContentType type, std::uint16_t epoch, std::uint64_t sequence, const Bytes& fragment) {
  const auto header = record::make_dtls_header({type, record::DtlsVersion::dtls12, epoch, sequence, fragment.size()});
  Bytes record(header.begin(), header.end());
  append(record, fragment);
  return record;
}

}  // namespace tocsin::listening
