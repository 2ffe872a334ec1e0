// Input:      x
// Property:   x
// Invariants: x
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::meta_datagrams({data, size});
  return 0;
}
