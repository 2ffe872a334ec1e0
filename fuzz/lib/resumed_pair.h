#pragma once
// Two connections between two honest ends, of which the second may resume the session of the first.
#include "fuzz/lib/conversation.h"

namespace tocsin::fuzz {

/// Whether the input asks for that: option resumption, of tocsin alone.
bool resumes(const Input& input);

/// Both conversations, checked. The body is the second one's input: what its options do not say is as in the first, and its
/// body holds the sizes of its pieces. In the first chunk_bytes holds, and closing says how it ends: bit 0 the client closes,
/// bit 1 the server, bit 2 the transport just ends, bit 3 with a fatal error.
void converse_twice(const Input& input);

}  // namespace tocsin::fuzz
