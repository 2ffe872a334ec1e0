#pragma once
// The pairs of stacks that are run over links with patterns.
#include <string_view>

#include "harnesses/link/handshake_run.h"
#include "harnesses/peers/openssl_endpoint.h"

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

inline constexpr Pair all_pairs[] = {{"openssl-openssl", openssl_ends}};

}  // namespace tocsin::link
