#pragma once
// The pairs of stacks that are run over links with patterns.
#include <string_view>

#include "harnesses/link/handshake_run.h"
#include "harnesses/stacks/openssl/endpoint.h"
#include "harnesses/stacks/tocsin/endpoint.h"

namespace tocsin::link {

/// The configuration is both ends'.
using MakeStackPair = Endpoints (*)(const stacks::PeerConfig& config);

struct StackPair {
  std::string_view name;  // client-server
  MakeStackPair make;
};

inline constexpr std::uint64_t client_seed = 1, server_seed = 2;

inline Endpoints openssl_endpoints(const stacks::PeerConfig& config) {
  return {stacks::OpenSslEndpoint::client(config, client_seed, server_address),
          stacks::OpenSslEndpoint::server(config, server_seed)};
}

inline std::unique_ptr<stacks::Endpoint> tocsin_client(const stacks::PeerConfig& config) {
  return std::make_unique<stacks::TocsinClientEndpoint>(config, client_seed, server_address);
}
inline std::unique_ptr<stacks::Endpoint> tocsin_server(const stacks::PeerConfig& config) {
  return std::make_unique<stacks::TocsinServerEndpoint>(config, server_seed);
}

inline Endpoints tocsin_endpoints(const stacks::PeerConfig& config) { return {tocsin_client(config), tocsin_server(config)}; }
inline Endpoints tocsin_openssl_endpoints(const stacks::PeerConfig& config) {
  return {tocsin_client(config), stacks::OpenSslEndpoint::server(config, server_seed)};
}
inline Endpoints openssl_tocsin_endpoints(const stacks::PeerConfig& config) {
  return {stacks::OpenSslEndpoint::client(config, client_seed, server_address), tocsin_server(config)};
}

inline constexpr StackPair all_pairs[] = {{"openssl-openssl", openssl_endpoints},
                                     {"tocsin-tocsin", tocsin_endpoints},
                                     {"tocsin-openssl", tocsin_openssl_endpoints},
                                     {"openssl-tocsin", openssl_tocsin_endpoints}};

}  // namespace tocsin::link
