// Input:      byte 0 is the handshake message of TLS 1.2 or DTLS 1.2, modulo the number of them; the rest is its body.
// Property:   a message that decodes is encoded to the same bytes, except for the order of extensions and those of a
//             ClientHello that a decoder ignores; the encoding decodes, and is encoded to itself.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::wire_messages_tls12({data, size});
  return 0;
}
