#pragma once
// Datagram sockets for `serve --dtls` and `connect --dtls`.
#include <optional>
#include <string>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

/// UsageError if the address does not resolve or cannot be bound.
Descriptor bind_datagrams(const Address& address);
/// A socket that sends to the first address of the host. NetworkError if there is none.
Descriptor connect_datagrams(const Address& address);

struct ReceivedDatagram {
  Bytes datagram;
  Bytes from;  // a sockaddr
};
/// Nothing if none is there.
std::optional<ReceivedDatagram> receive_datagram(const Descriptor& socket);
/// What the network loses is lost. to: a sockaddr; empty for a connected socket.
void send_datagram(const Descriptor& socket, ByteView datagram, ByteView to = {});

/// 192.0.2.1:443 or [2001:db8::1]:443.
std::string text_of_address(ByteView sockaddr_bytes);

}  // namespace tocsin::tool
