// Input:      as server_first_flight's; what is transformed, and how, follows from its bytes.
// Property:   a server comes to the same (accepted or refused, alert, HelloRetryRequest, version, cipher suite, group, protocol)
//             if what a client sends comes in other records or pieces, and its ClientHello with its extensions permuted, GREASE
//             (RFC 8701), an unknown extension and an unknown cipher suite. Of several faults it may name another.
// Invariants: all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::meta_client_hello({data, size});
  return 0;
}
