#pragma once
// Plain TCP for the examples, and how a Stream gets to use it.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <tocsin/stream.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

// How a Stream reads and writes a socket. Without MSG_NOSIGNAL a peer that has gone would end the program. One that handles
// signals would try again after EINTR.
inline tocsin::Transport over(int fd) {
  const auto moved = [](ssize_t bytes) -> tocsin::Transferred {
    if (bytes < 0) return tocsin::TransportError{errno, std::strerror(errno)};
    return static_cast<std::size_t>(bytes);
  };
  return {[=](tocsin::MutableBytes into) { return moved(recv(fd, into.data(), into.size(), 0)); },
          [=](tocsin::ByteView from) { return moved(send(fd, from.data(), from.size(), MSG_NOSIGNAL)); },
          [] { return tocsin::Now{{}, tocsin::UnixSeconds{std::time(nullptr)}}; }};
}

inline int must(int result, const char* what) {
  if (result >= 0) return result;
  std::perror(what);
  std::exit(1);
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {
    const timeval patience{10, 0};  // seconds: recv and send fail after that, and so does the Stream
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  // A socket closed with bytes unread resets the connection, and the peer may never see our last words, such as an alert. So
  // some of what still comes is read, for a second a piece at most.
  ~Socket() {
    const timeval patience{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 4096> unread;
    shutdown(fd_, SHUT_WR);
    for (int pieces = 0; pieces < 16 && recv(fd_, unread.data(), unread.size(), 0) > 0;) ++pieces;
    close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// A connection to the first address of the host that takes one.
inline int connect_to(const char* host, const char* port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (const int error = getaddrinfo(host, port, &hints, &found); error != 0) {
    std::fprintf(stderr, "%s:%s: %s\n", host, port, gai_strerror(error));
    std::exit(1);
  }
  int fd = -1;
  for (const addrinfo* where = found; where != nullptr && fd < 0; where = where->ai_next) {
    fd = must(socket(where->ai_family, SOCK_STREAM, 0), "socket");
    if (connect(fd, where->ai_addr, where->ai_addrlen) == 0) break;
    if (where->ai_next == nullptr) must(-1, host);
    close(fd);
    fd = -1;
  }
  freeaddrinfo(found);
  return fd;
}

// Listens on all addresses of IPv4.
inline int listen_on(const char* port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  if (getaddrinfo(nullptr, port, &hints, &found) != 0) must(-1, port);
  const int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket"), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  must(bind(fd, found->ai_addr, found->ai_addrlen), "bind");
  must(listen(fd, SOMAXCONN), "listen");
  freeaddrinfo(found);
  return fd;
}
