// Input:      options seed, chunk_bytes, entry_point and the server's configuration; the body is what a client sends.
// Property:   two servers that are set up alike, tocsin and OpenSSL, respond alike to any bytes: accept, reject or wait, alert,
//             parameters. A row of the ledger explains every difference. What tocsin does with
//             what comes in plaintext is permitted by the rules of the RFCs.
// Invariants: all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::server_first_flight({data, size});
  return 0;
}
