// Input:      options suite (from 3 on with libcrypto's AEADs, before with the deterministic ones), seed, sequence, content_type,
//             padding_bytes, chunk_bytes, fault_bit; the body is the content.
// Property:   seal then open is the identity, however the content is cut; a flipped bit or a wrong turn is refused.
// Invariants: nonce_used_once, records_are_well_formed.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::record_protection({data, size});
  return 0;
}
