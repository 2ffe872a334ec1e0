#pragma once
// What is wrong with a ClientHello, judged by a reader of its own: the rules that it breaks. Where a hello has several
// faults, no RFC says which is to be found first.
#include "harnesses/differential/client_hello_extensions.h"
#include "harnesses/differential/faults.h"
#include "harnesses/differential/flight.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::differential {

/// What a server must refuse. first: the hello that a HelloRetryRequest answered, if this one is the second.
Faults faults_of_client_hello(const HelloSeen& hello, const HelloSeen* first, const stacks::PeerConfig& server);

/// What a server may look for, and refuse (RFC 9846 4.3.8, RFC 8422 4).
Faults faults_that_may_pass(const HelloSeen& hello, const stacks::PeerConfig& server);

/// What OpenSSL refuses otherwise, or alone: for extensions that only OpenSSL knows, and where it deviates by a row of the
/// ledger.
Faults faults_for_openssl_only(const HelloSeen& hello, const stacks::PeerConfig& server);

/// The version that the server would choose; nothing if they have none in common.
std::optional<ProtocolVersion> version_for(const HelloSeen& hello, const stacks::PeerConfig& server);
/// Whether a server that chooses TLS 1.3 would have to ask for another share.
bool needs_retry(const HelloSeen& hello, const stacks::PeerConfig& server);
/// The group of the share that tocsin takes, its own favourite, and of the one that OpenSSL does, the client's; 0: none.
std::uint16_t share_of_favourite(const HelloSeen& hello, const stacks::PeerConfig& server);
std::uint16_t first_usable_share(const HelloSeen& hello, const stacks::PeerConfig& server);
/// Whether a share of the group stands behind that one.
bool is_behind_first_usable_share(const HelloSeen& hello, const stacks::PeerConfig& server, std::uint16_t group);

}  // namespace tocsin::differential
