// Input:      options entry_point, client_server_name; the body is a chain as in a Certificate message (RFC 9846 4.5.1), each
//             certificate behind its length in two bytes, or, if entry_point is odd, PEM: certificates, and a private key.
// Property:   a verifier that caches certificates gives the verdict of one that does not, every time; what can be loaded can be
//             used. A chain over MD5 or SHA-1 is not trusted, and gets bad_certificate.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::certificates({data, size});
  return 0;
}
