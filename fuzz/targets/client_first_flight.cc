// Input:      options seed, chunk_bytes and the client's configuration; the body is what a server sends, with a marker in place
//             of the client's own session id (harnesses/scenarios/first_flight.h).
// Property:   two clients that are set up alike, tocsin and OpenSSL, respond alike to any bytes: reject or go on, alert, second
//             ClientHello. A row of the ledger explains every difference. What they agree in is right: tocsin goes on with no
//             ServerHello that an RFC wants refused, and refuses one with an alert that an RFC names; and what it does is permitted
//             by the rules of the RFCs (harnesses/differential/rules).
// Invariants: all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::client_first_flight({data, size});
  return 0;
}
