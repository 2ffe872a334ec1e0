// Input:      options suite (from 3 on with libcrypto's AEADs, before with the deterministic ones), seed, sequence,
//             content_type, padding_bytes, chunk_bytes, fault_bit; the body is the content.
// Property:   a record opens to what was sealed, however the content is cut; a record with a flipped bit or before its turn is
//             refused.
// Invariants: nonce_used_once, records_are_well_formed.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::record_protection({data, size});
  return 0;
}
