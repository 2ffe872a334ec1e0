// Input:      options peer, server_suites, server_certificate, server_signature_schemes, server_alpn, seed, entry_point,
//             chunk_bytes, client_max_fragment_length, server_connection_id, client_connection_id, address_change; the body is
//             what the link does (harnesses/scenarios/dtls_link.cc).
// Property:   once the loss has ended, the handshake completes with a bounded number of datagrams, and both ends agree and
//             carry data, also from another address if the server knows the client by its connection id. Where they have
//             nothing in common both fail, and the client tells of the server's alert.
// Invariants: both_ends_agree.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_link({data, size});
  return 0;
}
