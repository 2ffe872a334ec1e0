// Input:      the options of both configurations, seed, entry_point, chunk_bytes, data_bytes, fault_kind, fault_side,
//             fault_nth, fault_bit, fault_bit_high: which bit of one result of one end's cryptography is flipped; no body.
// Property:   an otherwise honest handshake never completes in agreement then, and both ends know that it failed.
// Invariants: tampering_is_noticed, both_ends_agree, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::crypto_faults({data, size});
  return 0;
}
