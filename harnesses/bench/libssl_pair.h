#pragma once
// libssl as a contender: a client and a server of it, joined by a pair of BIOs, or over datagrams by two queues.
#include <cstdint>
#include <span>
#include <vector>

#include "harnesses/bench/datagram_queue.h"
#include "harnesses/bench/libssl_contexts.h"

namespace tocsin::bench {

class LibsslPair {
 public:
  explicit LibsslPair(ProtocolVersion version);
  /// One full handshake with new connections; in DTLS with a cookie.
  void handshake();
  /// A server that has answered a ClientHello, in DTLS with a HelloVerifyRequest; in DTLS one that has answered a second
  /// ClientHello; and one that has taken and sent a record. Their clients are gone, and the BIOs, whose place a socket would
  /// take.
  LibsslConnection half_open_server() { return server_after(1); }
  LibsslConnection verified_server() { return server_after(2); }
  LibsslConnection established_server();

  /// After handshake(): from the client to the server. At most one record.
  void transfer(std::span<const std::uint8_t> data);

 private:
  void connect();
  LibsslConnection server_after(int flights);
  LibsslConnection take_server();

  const bool is_dtls_;
  LibsslContexts contexts_;
  LibsslConnection client_, server_;
  DatagramQueue to_client_, to_server_;
  std::vector<std::uint8_t> received_;
};

}  // namespace tocsin::bench
