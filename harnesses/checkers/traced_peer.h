#pragma once
// A foreign stack's end that emits a trace event for every call, and OpenSSL's, if there is a sink.
#include <functional>
#include <memory>
#include <string>

#include "harnesses/stacks/openssl/peer.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

/// Makes an end that shows the observer what its records hold, if it can.
using MakePeer = std::function<std::unique_ptr<stacks::Peer>(const stacks::OpenSslPeer::Observer& observer)>;
/// name: of the end, as in "OpenSSL server".
std::unique_ptr<stacks::Peer> traced_peer(std::string name, const MakePeer& make);
/// The end behind a traced one; of any other itself.
stacks::Peer& untraced(stacks::Peer& peer);

/// See OpenSslPeer.
std::unique_ptr<stacks::Peer> openssl_peer(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed,
                                           SSL_SESSION* session = nullptr);

/// OpenSSL as a stack whose ends are these.
stacks::Stack& openssl_stack();

}  // namespace tocsin::harness
