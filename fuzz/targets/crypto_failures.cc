// Input:      the options of both configurations, seed, entry_point, chunk_bytes, data_bytes; fault_side: whose cryptography
//             fails, fault_nth: from which operation on, fault_kind: even once, odd for ever; no body.
// Property:   that end fails with crypto_failed, and the other end gets its alert, whenever it happens. If it is the sealing of
//             another failure's alert that fails, the error stays that failure's, and the alert goes without protection.
// Invariants: fatal_queues_one_alert, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::crypto_failures({data, size});
  return 0;
}
