#pragma once
// libssl as a contender: a client and a server of it, joined by a pair of BIOs.
#include <openssl/ssl.h>

#include <cstdint>
#include <span>
#include <vector>

#include "harnesses/bench/keys.h"

namespace tocsin::bench {

class LibsslPair {
 public:
  using Connection = Owned<SSL, SSL_free>;

  LibsslPair();
  /// One full handshake with new connections.
  void handshake();
  /// A server that has answered a ClientHello, and one that has taken and sent a record. Their clients are gone, and the BIOs,
  /// whose place a socket would take.
  Connection half_open_server();
  Connection established_server();

  /// After handshake(): from the client to the server. At most one record.
  void transfer(std::span<const std::uint8_t> data);

 private:
  using Context = Owned<SSL_CTX, SSL_CTX_free>;
  void connect();
  Connection take_server();

  Context server_context_, client_context_;
  Connection client_, server_;
  std::vector<std::uint8_t> received_;
};

}  // namespace tocsin::bench
