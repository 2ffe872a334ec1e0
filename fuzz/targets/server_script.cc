// Input:      the options of the server's configuration; the body is a script (harnesses/script/script.h) that a client plays.
// Property:   a server completes only if the client has proved itself, whatever else the client does under real keys.
//             After each exchange it has done what the rules permit (harnesses/differential/rules).
// Invariants: completion_needs_proof, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::server_script({data, size});
  return 0;
}
