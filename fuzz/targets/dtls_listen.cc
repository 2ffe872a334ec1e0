// Input:      options seed, closing (what became of the association that the first address had before: of another Listener,
//             lingers, is forgotten, lives), server_connection_id, client_connection_id; the body is a list of strays from
//             three addresses: fuzz/lib/listen_script.h.
// Property:   honest handshakes from each address complete after the strays, and come to what they come to without them; who has
//             shown no cookie gets at most a datagram for a datagram, and no longer one; what is not answered is counted. What
//             is known by a connection id changes its address by an authentic and newer record alone.
// Invariants: strays_change_nothing, unverified_peer_costs_nothing, both_ends_agree, address_changes_by_proof.
#include <algorithm>

#include "fuzz/lib/finding.h"
#include "fuzz/lib/listen_run.h"

using namespace tocsin;

namespace {

/// The addresses that strays came from, and another one if there is one.
std::vector<std::size_t> addresses_of(const std::vector<fuzz::Stray>& strays) {
  std::vector<std::size_t> addresses;
  bool has_other = false;
  for (std::size_t address = 0; address < fuzz::listen_addresses; ++address) {
    const bool is_used =
        std::ranges::any_of(strays, [&](const fuzz::Stray& stray) { return stray.is_datagram && stray.from == address; });
    if (is_used || !has_other) addresses.push_back(address);
    has_other = has_other || !is_used;
  }
  return addresses;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  fuzz::tell([&] { return fuzz::Part{"with the strays"}; });
  fuzz::ListenRun run(input);
  const auto strays = fuzz::read_strays(input.body(), run.former());
  const auto addresses = addresses_of(strays);
  run.before(strays);
  run.honest(addresses, strays);
  Milliseconds waits{0};
  for (const fuzz::Stray& stray : strays) waits = Milliseconds{count(waits) + stray.waits_ms};
  const fuzz::ListenLogs& without = fuzz::logs_without_strays(input, waits);
  for (const std::size_t address : addresses)
    fuzz::check(Invariant::strays_change_nothing, run.logs()[address] == without[address],
                "an honest handshake comes to something else after them");
  return 0;
}
