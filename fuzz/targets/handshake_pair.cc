// Input:      options peer (tocsin with itself, with an OpenSSL server, with an OpenSSL client), both configurations, entry_point, seed,
//             data_bytes, key_update, closing, hidden, resumption; the body is the sizes of the pieces in which bytes arrive,
//             or, with resumption, the input of the second connection, whose options stand over those of the first.
// Property:   an honest handshake completes exactly if the configurations have something in common, with what they lead to, and
//             carries data, key updates and closures; if it fails, both ends know why. Who hides an extension of TLS 1.2 from
//             the server weakens nothing. A second connection is resumed exactly if what was agreed before is what a full
//             handshake would allow now.
// Invariants: both_ends_agree, and all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::handshake_pair({data, size});
  return 0;
}
