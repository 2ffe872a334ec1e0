// Input:      options seed, sequence (when the ticket is made, in tenths of a period), fault_kind (bit 0: another secret, bit
//             1: a bit of the ticket flips, bit 2: its last byte is missing; the rest: how much later it comes, less 16),
//             fault_bit; the body is a session in the form in which it is sealed or kept, and is offered as a ticket, too.
// Property:   a ticket opens to what was sealed until the next period ends, and otherwise does not open. A session that decodes
//             has one encoding.
// Invariants: same_input_same_output.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::session_ticket({data, size});
  return 0;
}
