// Input:      options suite (from 3 on with libcrypto's AEADs, before with the deterministic ones), seed, sequence,
//             content_type, server_connection_id, server_padding; the body is a script: an action (bit 7 of a seal: what
//             follows stands for content, type and zeros of a record with a connection id), its argument, and what else the
//             action takes.
// Property:   a record opens to what was sealed exactly if a model of the replay window, which keeps every number, finds it
//             new. A record that was changed or cut, or holds no type, is discarded for the right reason and leaves later
//             records alone.
// Invariants: nonce_used_once, records_are_well_formed.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::record_dtls({data, size});
  return 0;
}
