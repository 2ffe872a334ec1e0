#pragma once
// tocsin as a contender over datagrams: a client of DTLS 1.2 and a Listener, joined in memory.
#include <cstdint>
#include <optional>

#include "harnesses/bench/tocsin_configs.h"
#include "tocsin/listener.h"

namespace tocsin::bench {

class TocsinDatagramPair {
 public:
  /// certificates_kept_max: as in TrustOptions.
  explicit TocsinDatagramPair(std::size_t certificates_kept_max = TrustOptions{}.certificates_kept_max);
  /// One full handshake, cookie included, of a new client with a new Listener.
  void handshake();
  /// One more peer of the Listener: it was sent a cookie; it was sent a flight; it has completed, sent a record and got one.
  /// What tells it apart is returned. Its client is gone.
  std::uint16_t peer_with_cookie() { return add_peer(1); }
  std::uint16_t peer_half_open() { return add_peer(2); }
  std::uint16_t peer_established();

  /// After handshake(): from the client to the Listener, in one datagram.
  void transfer(ByteView data);

 private:
  std::uint16_t add_peer(int flights_max);
  void meet(int flights_max);

  TocsinConfigs configs_;
  std::optional<Listener> listener_;
  std::optional<DatagramClient> client_;
  PeerAddress address_;
  std::uint16_t peers_ = 0;
  DatagramOutput to_server_;
  ListenerOutput to_clients_;
};

}  // namespace tocsin::bench
