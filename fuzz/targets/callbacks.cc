// Input:      options of the two ends; the body is what their callbacks do, one byte each (harnesses/scenarios/callbacks.cc).
// Property:   whatever every callback calls, destroys, moves, replaces or throws, a call of the object under way is refused, all
//             other calls are not, no exception comes through, and a later connection is as good as ever.
// Invariants: callbacks_are_contained.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::callbacks({data, size});
  return 0;
}
