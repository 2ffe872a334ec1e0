// Input:      options seed, closing (what became of the association that the first address had before: of another Listener,
//             lingers, is forgotten, lives), server_connection_id, client_connection_id; the body is a list of strays from
//             three addresses: harnesses/scenarios/listen_script.h.
// Property:   honest handshakes from each address complete after the strays, and come to what they come to without them; who has
//             shown no cookie gets at most a datagram for a datagram, and no longer one; what is not answered is counted. What
//             is known by a connection id changes its address by an authentic and newer record alone.
// Invariants: strays_change_nothing, unverified_peer_costs_nothing, both_ends_agree, address_changes_by_proof.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::dtls_listen({data, size});
  return 0;
}
