// Input:      any bytes.
// Property:   none: the target must fail for an input that begins with "toc!". ci/test checks that this is noticed.
// Invariants: none.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::canary({data, size});
  return 0;
}
