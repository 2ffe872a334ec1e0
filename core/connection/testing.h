#pragma once
// Two connections in memory, and configurations for them; for unit tests.
#include <optional>

#include "tocsin/connection.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::testing {

constexpr UnixSeconds date{1'700'000'000};
constexpr Now now{Instant{}, date};

inline std::shared_ptr<Provider> provider() {
  static const std::shared_ptr<Provider> shared = *make_openssl_provider();
  return shared;
}

inline ServerConfig server_config() {
  static const auto certificate =
      *certified_key_from_files("harnesses/testdata/server-ecdsa-p256.pem", "harnesses/testdata/server-ecdsa-p256.key.pem");
  ServerConfig config;
  config.provider = provider();
  config.certificates = {certificate};
  return config;
}

inline ClientConfig client_config() {
  static const auto verifier = *trust_path("harnesses/testdata/ca.pem");
  ClientConfig config;
  config.provider = provider();
  config.verifier = verifier;
  return config;
}

class ConnectionPair {
 public:
  ConnectionPair(const ClientConfig& client, const ServerConfig& server, std::string_view name = "localhost", Now at = now)
      : at_(at), server_(std::move(*Connection::server(std::make_shared<ServerConfig>(server)))) {
    auto started = Connection::client(std::make_shared<ClientConfig>(client), name, at, client_out);
    if (started) client_.emplace(std::move(*started));
  }

  Connection& client() { return *client_; }
  Connection& server() { return server_; }
  Output client_out, server_out;

  /// Moves bytes until both are silent. Errors stay in the connections' failure().
  void pump() {
    while (!client_out.to_peer.empty() || !server_out.to_peer.empty()) {
      const Bytes to_server = std::exchange(client_out.to_peer, {});
      (void)server_.receive(to_server, at_, server_out);
      const Bytes to_client = std::exchange(server_out.to_peer, {});
      (void)client_->receive(to_client, at_, client_out);
    }
  }

  /// Whether both ends completed.
  bool run_handshake() {
    pump();
    return client_->is_handshake_complete() && server_.is_handshake_complete();
  }

 private:
  Now at_;
  std::optional<Connection> client_;
  Connection server_;
};

}  // namespace tocsin::testing
