#include "harnesses/tool/net/udp.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

constexpr std::size_t datagram_bytes_max = 65536;

/// attach: bind(2) or connect(2).
template <class Failure, class Attach>
Descriptor open(const Address& address, int flags, Attach attach, const std::string& what) {
  const Resolved found = resolve<Failure>(address, SOCK_DGRAM, flags);
  int error = 0;
  for (const addrinfo* where = found.get(); where != nullptr; where = where->ai_next) {
    Descriptor socket = open_socket(*where);
    if (socket && attach(socket.get(), where->ai_addr, where->ai_addrlen) == 0) return socket;
    error = errno;
  }
  throw Failure("cannot " + what + " " + address.host + ":" + address.port + ": " + errno_text(error));
}

/// All zeros if there are no bytes, as of a socket that is connected.
sockaddr_storage address_of(ByteView sockaddr_bytes) {
  sockaddr_storage address{};
  std::copy_n(sockaddr_bytes.begin(), std::min(sockaddr_bytes.size(), sizeof address), reinterpret_cast<std::uint8_t*>(&address));
  return address;
}

}  // namespace

Descriptor bind_datagrams(const Address& address) { return open<UsageError>(address, AI_PASSIVE, &::bind, "listen on"); }
Descriptor connect_datagrams(const Address& address) { return open<NetworkError>(address, 0, &::connect, "connect to"); }

ReceivedDatagram receive_datagram(const Descriptor& socket) {
  ReceivedDatagram received{.datagram = Bytes(datagram_bytes_max), .from = {}, .error = 0};
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const ssize_t bytes =
      recvfrom(socket.get(), received.datagram.data(), received.datagram.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
  if (bytes < 0) return {.datagram = {}, .from = {}, .error = errno};
  received.datagram.resize(static_cast<std::size_t>(bytes));
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&from);
  received.from.assign(begin, begin + size);
  return received;
}

int send_datagram(const Descriptor& socket, ByteView datagram, ByteView to) {
  const sockaddr_storage address = address_of(to);
  const ssize_t sent =
      sendto(socket.get(), datagram.data(), datagram.size(), 0,
             to.empty() ? nullptr : reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(to.size()));
  return sent < 0 ? errno : 0;
}

std::string text_of_address(ByteView sockaddr_bytes) {
  return address_text(address_of(sockaddr_bytes), static_cast<socklen_t>(sockaddr_bytes.size()));
}

Bytes source_of_address(ByteView sockaddr_bytes) { return source_of(address_of(sockaddr_bytes)); }

}  // namespace tocsin::tool
