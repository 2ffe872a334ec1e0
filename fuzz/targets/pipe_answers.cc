// Input:      what a shim writes: messages of harnesses/stacks/PIPE.md, one after another. There are no options.
// Property:   whatever it is, the probe takes it within its limits, or gives the shim up with a line of printable text; an end never takes
//             back what it has told.
// Invariants: none of the core's.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::pipe_answers({data, size});
  return 0;
}
