#pragma once
// What a client breaks with all that it sends in plaintext. It shares no table and no decoder with core/.
#include "harnesses/differential/rules/fault.h"
#include "harnesses/stacks/peer_config.h"

namespace tocsin::rules {

/// records: all that a client sends over a stream, to a server that resumes nothing. It is read up to the first fault that ends
/// the conversation, or the first record that is protected. Offsets are those in the input.
Reading read_client_flight(ByteView records, const stacks::PeerConfig& server);

/// Which rule a message of this type breaks behind a client's hello of TLS 1.2, in plaintext, if it may not come there.
Rule misplaced_in_tls12(std::uint8_t type);

}  // namespace tocsin::rules
