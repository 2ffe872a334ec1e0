// Input:      any bytes: what one end sends, or handshake messages without records, as `tocsin explain` takes them.
// Property:   the dissector's fields cover each byte once. A message that the core decodes has no fault, and one that the core
//             finds malformed has one. Values are shown in printable characters.
// Invariants: none.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::explain({data, size});
  return 0;
}
