// Input:      the options of the server's configuration; the body is a script (harnesses/puppet/script.h) that a client plays.
// Property:   a server completes only if the client has proved itself, whatever else that does under real keys.
// Invariants: completion_needs_proof, and those of every call.
#include "fuzz/lib/script_run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const fuzz::Input input({data, size});
  fuzz::run_script(input, puppet::Role::client);
  return 0;
}
