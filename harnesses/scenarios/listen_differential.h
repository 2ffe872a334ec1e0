#pragma once
// The same strays to tocsin's Listener and to OpenSSL's listeners, an honest client afterwards, and what the ledger of
// listeners says of the differences.
#include "harnesses/differential/compare.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/listen_script.h"

namespace tocsin::harness {

/// The body is a list of strays (listen_script.h), of which the first few count, all from one address. Option peer, modulo 4: 0
/// each way of OpenSSL's to listen in turn, n the nth alone. That tocsin is none the worse for the strays is checked.
differential::Comparison listen_differential(const Input& input);

}  // namespace tocsin::harness
