// Input:      the options of the client's configuration; the body is a script (harnesses/script/dtls12/script.h) that a server of DTLS plays.
// Property:   a client completes only if the server has proved itself, in whatever fragments and records. What must be discarded
//             changes nothing, and no data are delivered twice.
// Invariants: completion_needs_proof, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_client_script({data, size});
  return 0;
}
