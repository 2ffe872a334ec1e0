// Input:      byte 0 says which handshake message of TLS 1.2 or DTLS 1.2, modulo their number; the rest is its body.
// Property:   what decodes is encoded to the same bytes, but for the order of extensions, and those that a ClientHello means
//             nothing by; that decodes, and is encoded to the same.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::wire_messages12({data, size});
  return 0;
}
