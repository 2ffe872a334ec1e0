#pragma once
// Two connections between two honest ends, of which the second may resume the session of the first.
#include "harnesses/scenarios/conversation.h"

namespace tocsin::harness {

/// Whether the input asks for that: option resumption, of tocsin alone.
bool resumes(const Input& input);

/// Both conversations, checked. The body is the second one's input: what its options do not say is as in the first, and its
/// body holds the sizes of its pieces. In the first chunk_bytes holds, and closing says how it ends: bit 0 the client closes,
/// bit 1 the server, bit 2 the transport just ends, bit 3 with a fatal error. hidden of the second: as of a single one, and 3
/// its server_name; with 4 nothing is hidden, but there comes a NewSessionTicket too many.
void converse_twice(const Input& input);

}  // namespace tocsin::harness
