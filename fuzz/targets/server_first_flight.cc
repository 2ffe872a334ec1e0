// Input:      options seed, chunk_bytes, way_in and the server's configuration; the body is what a client sends.
// Property:   tocsin and OpenSSL, set up alike, make the same of any bytes: accept, reject or wait, alert, parameters.
// Invariants: all that CheckedConnection checks after every call.
#include "fuzz/lib/first_flight.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin::fuzz;
  judge(server_first_flight(Input({data, size})));
  return 0;
}
