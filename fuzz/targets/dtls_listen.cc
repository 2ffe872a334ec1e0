// Input:      options seed, closing (what became of the previous association of the first address: it is another Listener's, it
//             lingers, it is forgotten, it lives), server_connection_id, client_connection_id; the body is a list of stray
//             datagrams from three addresses (harnesses/scenarios/listen_script.h).
// Property:   honest handshakes from every address complete after the stray datagrams, with the same result as without them. An
//             address without a valid cookie gets at most one datagram for a datagram, and no longer one. Every unanswered
//             datagram is counted. What is done with each record is permitted by the rules of the RFCs
//             (harnesses/differential/rules). Only an authentic, newer record moves an association with a connection id to
//             another address.
// Invariants: strays_change_nothing, unverified_peer_costs_nothing, both_ends_agree, address_changes_by_proof.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_listen({data, size});
  return 0;
}
