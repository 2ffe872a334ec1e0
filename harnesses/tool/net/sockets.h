#pragma once
// Non-blocking TCP sockets, and addresses as text.
#include <chrono>
#include <cstddef>
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

/// UsageError if the address does not resolve or cannot be bound, as when its port is busy.
Descriptor listen_on(const Address& address);
/// Tries every address of the host in turn, each until the time is over (0: without end). NetworkError if none answers.
Descriptor connect_to(const Address& address, std::chrono::milliseconds timeout);

struct AcceptResult {
  Descriptor socket;         // none: error says why
  std::string peer_address;  // 192.0.2.1:443 or [2001:db8::1]:443
  int error = 0;             // an errno; EAGAIN if nobody waits
};
AcceptResult accept_from(const Descriptor& listener);

/// The address that a socket is bound to, as in AcceptResult.
std::string local_address(const Descriptor& socket);

/// Neither waits.
IoResult read_some(int fd, MutableBytes into);
IoResult write_some(int fd, ByteView what);

}  // namespace tocsin::tool
