#pragma once
// A puppet against a watched end.
#include "fuzz/lib/input.h"
#include "harnesses/puppet/puppet.h"

namespace tocsin::fuzz {

/// Plays the input's body as a script, in the role given, against tocsin in the other role, over the deterministic provider.
void run_script(const Input& input, puppet::Role puppet_role);

}  // namespace tocsin::fuzz
