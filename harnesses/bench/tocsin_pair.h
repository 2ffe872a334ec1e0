#pragma once
// tocsin as a contender: a client and a server of it, joined in memory.
#include <optional>

#include "tocsin/connection.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::bench {

class TocsinPair {
 public:
  /// certificates_kept_max: as in TrustOptions.
  explicit TocsinPair(std::size_t certificates_kept_max = TrustOptions{}.certificates_kept_max);
  /// One full handshake with new connections.
  void handshake();
  /// A server that has answered a ClientHello, and one that has taken and sent a record. Their clients are gone.
  Connection half_open_server();
  Connection established_server();

  /// After handshake(): from the client to the server.
  void transfer(ByteView data);

 private:
  std::shared_ptr<const ServerConfig> server_config_;
  std::shared_ptr<const ClientConfig> client_config_;
  std::optional<Connection> client_, server_;
  Output to_server_, to_client_;
};

}  // namespace tocsin::bench
