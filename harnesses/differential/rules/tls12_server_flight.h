#pragma once
// What a server of TLS 1.2 breaks behind its ServerHello.
#include <span>

#include "harnesses/differential/rules/client_offer.h"
#include "harnesses/differential/rules/fault.h"
#include "harnesses/dissect/messages.h"

namespace tocsin::rules {

/// What of HelloRequests is broken, in a ServerHello's place or behind it, by a client that ignores them amid its handshake
/// (RFC 5246 7.4.1.1): the first that is not empty. Nothing if there is none, or something else behind those that are empty.
std::optional<std::vector<Fault>> read_hello_requests(std::span<const dissect::Message> messages);

/// suite: that the ServerHello selects. messages: those behind it, of which the last may be cut off. Nothing if that is more
/// than can be judged without the client's random and its view of the certificate, or if there is a part of a message.
std::optional<std::vector<Fault>> read_tls12_server_flight(std::span<const dissect::Message> messages, std::uint64_t suite,
                                                           const ClientOffer& offer);

}  // namespace tocsin::rules
