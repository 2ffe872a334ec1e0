#pragma once
// Names and numbers of hosts, for streams and for datagrams.
#include <netdb.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

using Resolved = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// socket_type: SOCK_STREAM or SOCK_DGRAM; flags: of getaddrinfo(3). Throws a Failure that names the address.
template <class Failure>
Resolved resolve(const Address& address, int socket_type, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = socket_type;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found); error != 0)
    throw Failure("cannot resolve " + address.host + ":" + address.port + ": " + gai_strerror(error));
  return {found, &freeaddrinfo};
}

/// One that does not block.
Descriptor open_socket(const addrinfo& where);

/// "127.0.0.1:4433" or "[::1]:4433".
std::string address_text(const sockaddr_storage& address, socklen_t size);

}  // namespace tocsin::tool
