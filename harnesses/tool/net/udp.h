#pragma once
// Datagram sockets for `serve --dtls` and `connect --dtls`.
#include <string>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

/// UsageError if the address does not resolve or cannot be bound.
Descriptor bind_datagrams(const Address& address);
/// A socket that sends to the first address of the host. NetworkError if there is none.
Descriptor connect_datagrams(const Address& address);

struct ReceivedDatagram {
  Bytes datagram;
  Bytes from;     // a sockaddr
  int error = 0;  // an errno, and nothing else: EAGAIN if none is there, ECONNREFUSED if the peer of a connected socket is gone
};
ReceivedDatagram receive_datagram(const Descriptor& socket);

/// How many are received before signals and timers get their turn: a socket that is never empty must not keep them waiting.
inline constexpr int datagrams_per_turn = 64;

/// Calls take(const ReceivedDatagram&) for what waits, at most datagrams_per_turn times. 0, or the errno that ended it.
template <class Take>
int receive_waiting(const Descriptor& socket, Take&& take) {
  for (int left = datagrams_per_turn; left > 0; --left) {
    const ReceivedDatagram received = receive_datagram(socket);
    if (received.error != 0) return received.error;
    take(received);
  }
  return 0;
}

/// What the network loses is lost. to: a sockaddr; empty for a connected socket. 0, or an errno as above.
int send_datagram(const Descriptor& socket, ByteView datagram, ByteView to = {});

/// 192.0.2.1:443 or [2001:db8::1]:443.
std::string text_of_address(ByteView sockaddr_bytes);
/// As source_of.
Bytes source_of_address(ByteView sockaddr_bytes);

}  // namespace tocsin::tool
