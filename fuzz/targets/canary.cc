// Input:      any bytes.
// Property:   none: it must fail, for an input that begins with "toc!". ci/test checks that this is noticed.
// Invariants: none.
#include <cstring>

#include "fuzz/lib/finding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ++tocsin::fuzz::stats().other_checks;
  if (size >= 4 && std::memcmp(data, "toc!", 4) == 0) tocsin::fuzz::finding("the canary, as it must");
  return 0;
}
