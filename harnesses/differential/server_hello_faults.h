#pragma once
// What is wrong with a ServerHello or HelloRetryRequest, judged by a reader of its own: the rules that it breaks.
#include "harnesses/differential/faults.h"
#include "harnesses/differential/flight.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::differential {

/// What the client offered, and what a HelloRetryRequest asked of it.
struct OfferSeen {
  const stacks::PeerConfig& config;
  ByteView session_id;
  const HelloSeen* retry;  // the HelloRetryRequest before this hello, if there was one
};

Faults faults_of_server_hello(const HelloSeen& hello, const OfferSeen& offer);

/// Extensions unknown here that RFC 9846 4.3 lists for other messages than these, and those of TLS 1.2 that OpenSSL knows.
bool is_named_elsewhere(std::uint16_t extension_type);
/// By its random alone.
bool is_hello_retry_request(const HelloSeen& hello);
/// Whether everybody takes it for one: with another legacy_version than 0x0303 it may be taken for a ServerHello.
bool is_taken_for_retry(const HelloSeen& hello);

}  // namespace tocsin::differential
