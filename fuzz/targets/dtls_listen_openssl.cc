// Input:      option peer (which of OpenSSL's ways to listen: DTLSv1_listen, SSL_accept with cookies, without; 0 each in turn);
//             the body is a list of strays, as for dtls_listen, all from one address.
// Property:   tocsin's Listener and OpenSSL's answer the same strays, send no alert, and an honest client gets through after them;
//             where they differ, a row of the ledger says why that may be.
// Invariants: strays_change_nothing, unverified_peer_costs_nothing.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_listen_openssl({data, size});
  return 0;
}
