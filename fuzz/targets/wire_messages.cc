// Input:      byte 0 says which handshake message, modulo their number; the rest is its body.
// Property:   what decodes keeps to the RFC's lengths; its canonical form encodes it, and decodes to the same.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::wire_messages({data, size});
  return 0;
}
