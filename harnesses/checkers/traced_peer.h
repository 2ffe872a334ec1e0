#pragma once
// OpenSSL as a peer that emits a trace event for every call, if there is a sink.
#include <memory>

#include "harnesses/stacks/openssl/peer.h"

namespace tocsin::harness {

/// See OpenSslPeer.
std::unique_ptr<stacks::Peer> openssl_peer(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed,
                                           SSL_SESSION* session = nullptr);

}  // namespace tocsin::harness
