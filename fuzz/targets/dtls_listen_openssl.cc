// Input:      option peer (OpenSSL's way to listen: DTLSv1_listen, SSL_accept with cookies, SSL_accept without; 0 each in
//             turn); the body is a list of stray datagrams, as for dtls_listen, all from one address.
// Property:   tocsin's Listener and OpenSSL's listeners answer the same stray datagrams, send no alert, and let an honest
//             client through afterwards. A row of the ledger explains every difference. tocsin alone is judged by the rules of the
//             RFCs, too (harnesses/differential/rules).
// Invariants: strays_change_nothing, unverified_peer_costs_nothing.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_listen_openssl({data, size});
  return 0;
}
