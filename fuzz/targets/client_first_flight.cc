// Input:      options seed, chunk_bytes and the client's configuration; the body is what a server sends, with a marker where
//             each client's own session id is to stand (fuzz/lib/first_flight.h).
// Property:   tocsin and OpenSSL, set up alike, make the same of any bytes: reject or go on, alert, second ClientHello.
// Invariants: all that CheckedConnection checks after every call.
#include "fuzz/lib/first_flight.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin::fuzz;
  judge(client_first_flight(Input({data, size})));
  return 0;
}
