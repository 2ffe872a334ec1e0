// Input:      byte 0 is the handshake message, modulo the number of them; the rest is its body.
// Property:   a message that decodes keeps to the RFC's lengths; it is encoded in its canonical form, which decodes to the same
//             message.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::wire_messages({data, size});
  return 0;
}
