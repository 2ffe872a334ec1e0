// Input:      any bytes.
// Property:   none; this target must fail, for an input that begins with "toc!". ci/test checks that it does: that crashes are
// noticed. Invariants: none.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 4 && data[0] == 't' && data[1] == 'o' && data[2] == 'c' && data[3] == '!') std::abort();
  return 0;
}
