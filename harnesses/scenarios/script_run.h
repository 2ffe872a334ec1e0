#pragma once
// A peer against a watched end.
#include "harnesses/scenarios/input.h"
#include "harnesses/script/scripted_peer.h"

namespace tocsin::harness {

/// Plays the input's body as a script, in the role given, against tocsin in the other role, over the deterministic provider.
void run_script(const Input& input, Role peer_role);

}  // namespace tocsin::harness
