#pragma once
// OpenSSL as a peer whose every call is told, if anybody listens.
#include <memory>

#include "harnesses/stacks/openssl/peer.h"

namespace tocsin::harness {

/// See OpenSslPeer.
std::unique_ptr<stacks::Peer> openssl_peer(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed);

}  // namespace tocsin::harness
