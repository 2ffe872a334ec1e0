#pragma once
// Two honest peers of any stacks, from the ClientHello to the end of the transport.
#include "harnesses/scenarios/conversation.h"

namespace tocsin::harness {

/// The whole conversation that the input asks for, checked. The body holds the sizes of the pieces in which bytes arrive, used
/// in turn; 0 is a whole flight. Without a body chunk_bytes holds for all.
void converse(const Input& input);

}  // namespace tocsin::harness
