// Input:      options seed, chunk_bytes and the client's configuration; the body is what a server sends, with a marker where
//             each client's own session id is to stand (harnesses/scenarios/first_flight.h).
// Property:   tocsin and OpenSSL, set up alike, make the same of any bytes: reject or go on, alert, second ClientHello.
// Invariants: all that CheckedConnection checks after every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::client_first_flight({data, size});
  return 0;
}
