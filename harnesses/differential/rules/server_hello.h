#pragma once
// What a server's hello breaks, for a client that has sent a certain ClientHello. It shares no table and no decoder with core/.
#include "harnesses/differential/rules/client_offer.h"
#include "harnesses/differential/rules/fault.h"

namespace tocsin::rules {

/// records: all that a server sends first, over a stream. Nothing if that is anything but a ServerHello, a HelloRetryRequest or
/// one behind the other, in records whose headers are as they should be: about the rest there are no rules here yet. Offsets
/// are those in the stream of messages.
std::optional<Reading> read_server_flight(ByteView records, const ClientOffer& offer);

}  // namespace tocsin::rules
