#pragma once
// OpenSSL as a peer that emits a trace event for every call, if there is a sink.
#include <memory>

#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

/// See OpenSslPeer.
std::unique_ptr<stacks::Peer> openssl_peer(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed,
                                           SSL_SESSION* session = nullptr);

/// OpenSSL as a stack whose ends are these.
stacks::Stack& openssl_stack();

}  // namespace tocsin::harness
