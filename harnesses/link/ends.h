#pragma once
// The pairs of stacks that are run over links with patterns.
#include <string_view>

#include "harnesses/link/handshake_run.h"
#include "harnesses/peers/openssl_endpoint.h"
#include "harnesses/peers/tocsin_endpoint.h"

namespace tocsin::link {

/// The configuration is both ends'.
using MakePair = Ends (*)(const peers::PeerConfig& config);

struct Pair {
  std::string_view name;  // client-server
  MakePair make;
};

inline constexpr std::uint64_t client_seed = 1, server_seed = 2;

inline Ends openssl_ends(const peers::PeerConfig& config) {
  return {peers::OpenSslEndpoint::client(config, client_seed, server_address),
          peers::OpenSslEndpoint::server(config, server_seed)};
}

inline std::unique_ptr<peers::Endpoint> tocsin_client(const peers::PeerConfig& config) {
  return std::make_unique<peers::TocsinClientEndpoint>(config, client_seed, server_address);
}
inline std::unique_ptr<peers::Endpoint> tocsin_server(const peers::PeerConfig& config) {
  return std::make_unique<peers::TocsinServerEndpoint>(config, server_seed);
}

inline Ends tocsin_ends(const peers::PeerConfig& config) { return {tocsin_client(config), tocsin_server(config)}; }
inline Ends tocsin_openssl_ends(const peers::PeerConfig& config) {
  return {tocsin_client(config), peers::OpenSslEndpoint::server(config, server_seed)};
}
inline Ends openssl_tocsin_ends(const peers::PeerConfig& config) {
  return {peers::OpenSslEndpoint::client(config, client_seed, server_address), tocsin_server(config)};
}

inline constexpr Pair all_pairs[] = {{"openssl-openssl", openssl_ends},
                                     {"tocsin-tocsin", tocsin_ends},
                                     {"tocsin-openssl", tocsin_openssl_ends},
                                     {"openssl-tocsin", openssl_tocsin_ends}};

}  // namespace tocsin::link
