// Input:      any bytes: what one end sends, or handshake messages without records, as `tocsin explain` takes them.
// Property:   the dissector's fields cover each byte once; a message that the core decodes has no fault, one that it finds
//             malformed has; what is shown of values is printable.
// Invariants: none.
#include "fuzz/lib/dissection.h"
#include "fuzz/lib/story.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  fuzz::tell([] { return fuzz::Part{"the input as records"}; });
  fuzz::check_dissection(dissect::dissect_records({data, size}), {data, size});
  fuzz::tell([] { return fuzz::Part{"the input as handshake messages without records"}; });
  fuzz::check_dissection(dissect::dissect_messages({data, size}), {data, size});
  return 0;
}
