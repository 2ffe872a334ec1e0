// Input:      options seed, sequence (when the cookie is made, in tenths of a period), fault_kind (bit 0: another address, bit
//             1: a bit of the ClientHello flips; the rest: how much later it comes, less 16), fault_bit; the body is an address
//             behind its length in one byte, then a ClientHello of DTLS without its header.
// Property:   a cookie is valid for its address and its ClientHello, and until the next period ends; otherwise it is not. The
//             decoders of a ClientHello agree.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_cookie({data, size});
  return 0;
}
