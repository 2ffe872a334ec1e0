// Input:      the options of the server's configuration; the body is a script (harnesses/script/dtls12/script.h) that a client of DTLS plays.
// Property:   a server completes only if the client has proved itself, in whatever fragments and records. What must be discarded
//             changes nothing, and no data are delivered twice.
// Invariants: completion_needs_proof, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_server_script({data, size});
  return 0;
}
