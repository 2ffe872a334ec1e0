// Input:      as client_first_flight's; what is transformed, and how, follows from its bytes.
// Property:   a client comes to the same (goes on or refuses, alert, second ClientHello) if what a server sends in plaintext
//             comes in other records or pieces, and its hellos with their extensions permuted. Of several faults it may name
//             another.
// Invariants: all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::meta_server_flight({data, size});
  return 0;
}
