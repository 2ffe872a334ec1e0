// Input:      options peer (tocsin with itself, with an OpenSSL server, with an OpenSSL client), both configurations,
//             entry_point, seed, data_bytes, key_update, closing, hidden, resumption; the body is the sizes of the pieces in
//             which bytes arrive, or, with resumption, the input of the second connection, whose options override those of the
//             first.
// Property:   an honest handshake completes exactly if the configurations have something in common, with the parameters that
//             they lead to, and carries data, key updates and closures. If it fails, both ends know why. A man in the middle
//             that strips an extension of TLS 1.2 weakens nothing. A second connection is resumed exactly if a full handshake
//             would allow now what was agreed before.
// Invariants: both_ends_agree, and all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::handshake_pair({data, size});
  return 0;
}
