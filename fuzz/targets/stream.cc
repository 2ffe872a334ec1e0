// Input:      as acceptor_equivalence's; chunk_bytes cuts both directions, and fault_kind and fault_nth break the transport.
// Property:   a Stream writes, delivers and reports what a Connection makes of the same bytes, and writes before it reports an
//             error.
// Invariants: stream_writes_first, entry_points_agree, errors_are_sticky.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::stream({data, size});
  return 0;
}
