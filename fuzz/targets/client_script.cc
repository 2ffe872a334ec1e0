// Input:      the options of the client's configuration; the body is a script (harnesses/script/script.h) that a server plays.
// Property:   a client completes only if the server has proved itself, whatever else the server does under real keys.
//             After each exchange it has done what the rules permit (harnesses/differential/rules).
// Invariants: completion_needs_proof, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::client_script({data, size});
  return 0;
}
