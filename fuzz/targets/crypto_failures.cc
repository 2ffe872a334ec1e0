// Input:      the options of both configurations, seed, entry_point, chunk_bytes, data_bytes; fault_side: whose cryptography fails,
//             fault_nth: from which operation on, fault_kind: even once, odd for ever; no body.
// Property:   that end fails with crypto_failed, and the other end hears of it, whenever it happens. Where it is the alert of
//             another failure that cannot be sealed, the error stays that one's, and the alert goes without protection.
// Invariants: fatal_queues_one_alert, and those of every call.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::crypto_failures({data, size});
  return 0;
}
