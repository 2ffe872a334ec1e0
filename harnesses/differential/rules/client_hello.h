#pragma once
// What an initial ClientHello breaks. It shares no table and no decoder with core/.
#include "harnesses/differential/rules/fault.h"
#include "harnesses/dissect/messages.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::rules {

/// records: all that a client sends first, over a stream. Nothing if that is anything but one whole ClientHello in handshake
/// records whose headers are as they should be: about the rest there are no rules here yet. Offsets are those in the message.
std::optional<Reading> read_client_flight(ByteView records, const stacks::PeerConfig& server);

/// message: one ClientHello, whole, with its header.
Reading read_client_hello(ByteView message, const stacks::PeerConfig& server);

}  // namespace tocsin::rules
