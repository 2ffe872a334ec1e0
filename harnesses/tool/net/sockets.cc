#include "harnesses/tool/net/sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

void set_option(const Descriptor& socket, int level, int option) {
  const int on = 1;
  setsockopt(socket.get(), level, option, &on, sizeof on);
}

// A flight is written in one piece, and its last segment should not wait for an acknowledgement.
void send_without_delay(const Descriptor& socket) { set_option(socket, IPPROTO_TCP, TCP_NODELAY); }

// 0, or why the connection did not come about.
int finish_connecting(const Descriptor& socket, std::chrono::milliseconds timeout) {
  pollfd waiting{socket.get(), POLLOUT, 0};
  int ready = 0;
  do {
    ready = poll(&waiting, 1, timeout.count() == 0 ? -1 : static_cast<int>(timeout.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

IoResult moved(ssize_t result, IoResult::How if_zero) {
  if (result > 0) return {.how = IoResult::How::bytes, .bytes = static_cast<std::size_t>(result), .error = {}};
  if (result == 0) return {.how = if_zero, .bytes = 0, .error = {}};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
  return {.how = IoResult::How::broken, .bytes = 0, .error = {errno, errno_text(errno)}};
}

// getaddrinfo(3) takes any number modulo 65536, and a sign and blanks before it. The name of a service has a letter (RFC
// 6335 5.1).
bool is_port(std::string_view text) {
  constexpr std::size_t digits_max = 5;
  constexpr int port_max = 65535;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (std::ranges::any_of(text, is_letter)) return !text.starts_with("0x") && !text.starts_with("0X");
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && text[0] != '-' && text.size() <= digits_max &&
         port <= port_max;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int Descriptor::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

Address parse_address(std::string_view text, std::string_view default_host) {
  const auto colon = text.rfind(':');
  std::string_view host = colon == text.npos ? default_host : text.substr(0, colon);
  const std::string_view port = colon == text.npos ? text : text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    host = "";  // which of the colons stands before the port?
  }
  if (host.empty() || port.empty()) throw UsageError("not an address: '" + std::string(text) + "' (HOST:PORT or [IPv6]:PORT)");
  if (!is_port(port)) throw UsageError("no port: '" + std::string(port) + "' (0 to 65535, or the name of a service)");
  return {std::string(host), std::string(port)};
}

Descriptor open_socket(const addrinfo& where) {
  return Descriptor(socket(where.ai_family, where.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where.ai_protocol));
}

Bytes source_of(const sockaddr_storage& address) {
  constexpr std::size_t ipv4_bytes = 4, ipv6_prefix_bytes = 8, mapped_prefix_bytes = 12;
  const auto first = [](const auto& raw, std::size_t from, std::size_t size) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&raw);
    return Bytes(bytes + from, bytes + from + size);
  };
  if (address.ss_family == AF_INET) return first(reinterpret_cast<const sockaddr_in&>(address).sin_addr, 0, ipv4_bytes);
  if (address.ss_family != AF_INET6) return {};
  const in6_addr& ipv6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&ipv6)) return first(ipv6, mapped_prefix_bytes, ipv4_bytes);
  return first(ipv6, 0, ipv6_prefix_bytes);
}

std::string address_text(const sockaddr_storage& address, socklen_t size) {
  char host[NI_MAXHOST], port[NI_MAXSERV];
  const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, port, sizeof port,
                                NI_NUMERICHOST | NI_NUMERICSERV);
  if (error != 0) return "unknown address";
  return (address.ss_family == AF_INET6 ? "[" + std::string(host) + "]" : host) + ":" + port;
}

Descriptor listen_on(const Address& address) {
  const Resolved found = resolve<UsageError>(address, SOCK_STREAM, AI_PASSIVE);
  int error = 0;
  for (const addrinfo* where = found.get(); where != nullptr; where = where->ai_next) {
    Descriptor socket = open_socket(*where);
    if (socket) {
      set_option(socket, SOL_SOCKET, SO_REUSEADDR);
      if (bind(socket.get(), where->ai_addr, where->ai_addrlen) == 0 && listen(socket.get(), SOMAXCONN) == 0) return socket;
    }
    error = errno;
  }
  throw UsageError("cannot listen on " + address.host + ":" + address.port + ": " + errno_text(error));
}

Descriptor connect_to(const Address& address, std::chrono::milliseconds timeout) {
  const Resolved found = resolve<NetworkError>(address, SOCK_STREAM, 0);
  int error = 0;
  for (const addrinfo* where = found.get(); where != nullptr; where = where->ai_next) {
    Descriptor socket = open_socket(*where);
    if (!socket) {
      error = errno;
      continue;
    }
    error = connect(socket.get(), where->ai_addr, where->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = finish_connecting(socket, timeout);
    if (error == 0) {
      send_without_delay(socket);
      return socket;
    }
  }
  throw NetworkError("cannot connect to " + address.host + ":" + address.port + ": " + errno_text(error));
}

AcceptResult accept_from(const Descriptor& listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  Descriptor socket(accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) return {.socket = {}, .peer_address = {}, .source = {}, .error = errno};
  send_without_delay(socket);
  return {.socket = std::move(socket), .peer_address = address_text(address, size), .source = source_of(address), .error = 0};
}

std::string local_address(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) return "unknown address";
  return address_text(address, size);
}

IoResult read_some(int fd, MutableBytes into) {
  return moved(read(fd, into.data(), into.size()), IoResult::How::end_of_stream);
}

IoResult write_some(int fd, ByteView what) { return moved(write(fd, what.data(), what.size()), IoResult::How::nothing_yet); }

}  // namespace tocsin::tool
