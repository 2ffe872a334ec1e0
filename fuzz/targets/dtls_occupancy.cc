// Input:      options of both ends (seed, suites, connection ids and the like), entry_point (odd: a handshake has no time limit but
//             those on its flights); the body is a list of steps, a byte each: what one of six clients does, or (with another
//             byte) that time passes (harnesses/scenarios/dtls_occupancy.cc).
// Property:   a Listener with room for three keeps three at most, each with a deadline. An association never makes room, is closed
//             once its peer has been silent for the idle timeout, and not before. Nothing is left once all have been silent.
// Invariants: memory_is_bounded.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_occupancy({data, size});
  return 0;
}
