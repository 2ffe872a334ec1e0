#pragma once
// Names and numbers of hosts, and non-blocking TCP sockets.
#include <netdb.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/connection/pump.h"

namespace tocsin::tool {

/// An open file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int release();
  int fd_ = -1;
};

/// Where to listen or to connect. port may be the name of a service.
struct Address {
  std::string host;
  std::string port;
};

/// HOST:PORT, [IPv6]:PORT or, with a default host, PORT alone. UsageError if it is none of these.
Address parse_address(std::string_view text, std::string_view default_host = "");

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
/// What counts as one peer where what they hold is shared out: an IPv4 address, also one written as IPv6, or the first 64 bits
/// of an IPv6 address, which one host may have all of.
Bytes source_of(const sockaddr_storage& address);

/// UsageError if the address does not resolve or cannot be bound, as when its port is busy.
Descriptor listen_on(const Address& address);
/// Tries every address of the host in turn, each until the time is over (0: without end). NetworkError if none answers.
Descriptor connect_to(const Address& address, std::chrono::milliseconds timeout);

struct AcceptResult {
  Descriptor socket;         // none: error says why
  std::string peer_address;  // 192.0.2.1:443 or [2001:db8::1]:443
  Bytes source;              // as source_of gives it
  int error = 0;             // an errno; EAGAIN if nobody waits
};
AcceptResult accept_from(const Descriptor& listener);

/// The address that a socket is bound to, as in AcceptResult.
std::string local_address(const Descriptor& socket);

/// Neither waits.
IoResult read_some(int fd, MutableBytes into);
IoResult write_some(int fd, ByteView what);

}  // namespace tocsin::tool
