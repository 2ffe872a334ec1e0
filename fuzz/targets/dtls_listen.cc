// Input:      options seed, closing (what became of the association that the first address had before: of another Listener,
//             lingers, is forgotten, lives), server_connection_id, client_connection_id; the body is a list of strays from
//             three addresses: fuzz/lib/listen_script.h.
// Property:   honest handshakes from each address complete after the strays, and come to what they come to without them; who has
//             shown no cookie gets at most a datagram for a datagram, and no longer one; what is not answered is counted. What
//             is known by a connection id changes its address by an authentic and newer record alone.
// Invariants: strays_change_nothing, unverified_peer_costs_nothing, both_ends_agree, address_changes_by_proof.
#include "fuzz/lib/finding.h"
#include "fuzz/lib/listen_run.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  std::vector<std::string> logs[2];
  for (const bool are_delivered : {false, true}) {
    fuzz::tell([&] { return fuzz::Part{are_delivered ? "with the strays" : "without the strays"}; });
    fuzz::ListenRun run(input);
    const auto strays = fuzz::read_strays(input.body(), run.former());
    run.before(strays, are_delivered);
    run.honest(strays, are_delivered);
    logs[are_delivered ? 1 : 0] = run.log();
  }
  fuzz::check(Invariant::strays_change_nothing, logs[0] == logs[1], "an honest handshake comes to something else after them");
  return 0;
}
