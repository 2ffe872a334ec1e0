#pragma once
// tocsin as a contender: a client and a server of it, joined in memory.
#include <optional>

#include "harnesses/bench/tocsin_configs.h"
#include "tocsin/connection.h"

namespace tocsin::bench {

class TocsinPair {
 public:
  /// version: of TLS. certificates_kept_max: as in TrustOptions.
  explicit TocsinPair(ProtocolVersion version, std::size_t certificates_kept_max = TrustOptions{}.certificates_kept_max);
  /// One full handshake with new connections.
  void handshake();
  /// A server that has answered a ClientHello, and one that has taken and sent a record. Their clients are gone.
  Connection half_open_server();
  Connection established_server();

  /// After handshake(): from the client to the server.
  void transfer(ByteView data);

 private:
  TocsinConfigs configs_;
  std::optional<Connection> client_, server_;
  Output to_server_, to_client_;
};

}  // namespace tocsin::bench
