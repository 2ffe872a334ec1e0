// Input:      option limits; the body is a list of fragments, 7 bytes each: which message, from the next one on; what its
//             header says wrongly; flags (epoch, byte changed, too far, take what is whole); offset and length in two bytes
//             each.
// Property:   messages, discard reasons and the bytes held are those of a model that keeps every byte by its number.
// Invariants: memory_is_bounded.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_reassembly({data, size});
  return 0;
}
