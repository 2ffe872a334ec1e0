#pragma once
// OpenSSL as a peer whose every call is told, if anybody listens.
#include <memory>

#include "harnesses/peers/openssl_peer.h"

namespace tocsin::fuzz {

/// See OpenSslPeer.
std::unique_ptr<peers::Peer> openssl_peer(peers::Role role, const peers::PeerConfig& config, std::uint64_t seed);

}  // namespace tocsin::fuzz
