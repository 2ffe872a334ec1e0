// Input:      as client_script's.
// Property:   what GnuTLS's client does is what the rules permit (harnesses/differential/rules), or a known deviation.
// Invariants: none of tocsin's: it is not under test.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::client_script_gnutls({data, size});
  return 0;
}
