// Input:      the options of both configurations, seed, valid_prefix, injected_as, chunk_bytes, data_bytes, closing; the body
//             continues where an honest client stops (harnesses/scenarios/client_side.h).
// Property:   a server gives the same output and the same error by either entry point, however its input is cut, and every
//             time.
// Invariants: entry_points_agree, segmentation_is_invisible, same_input_same_output, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::acceptor_equivalence({data, size});
  return 0;
}
