#include <algorithm>

#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/listen_run.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

namespace {

/// The addresses that strays came from, and another one if there is one.
std::vector<std::size_t> addresses_of(const std::vector<Stray>& strays) {
  std::vector<std::size_t> addresses;
  bool has_other = false;
  for (std::size_t address = 0; address < listen_addresses; ++address) {
    const bool is_used =
        std::ranges::any_of(strays, [&](const Stray& stray) { return stray.is_datagram && stray.from == address; });
    if (is_used || !has_other) addresses.push_back(address);
    has_other = has_other || !is_used;
  }
  return addresses;
}

}  // namespace

void scenarios::dtls_listen(ByteView bytes) {
  const Input input(bytes);
  emit([&] { return ChunkEvent{"with the strays"}; });
  ListenRun run(input);
  const auto strays = read_strays(input.body(), run.former());
  const auto addresses = addresses_of(strays);
  run.before(strays);
  run.honest(addresses, strays);
  Milliseconds waits{0};
  for (const Stray& stray : strays) waits = Milliseconds{count(waits) + stray.waits_ms};
  const ListenLogs& without = logs_without_strays(input, waits);
  for (const std::size_t address : addresses)
    check(Invariant::strays_change_nothing, run.logs()[address] == without[address],
          "an honest handshake comes to something else after them");
}

Judged dtls_listen_of_tocsin(const Input& input) {
  ListenRun run(input);
  const auto strays = read_strays(input.body(), run.former());
  run.before(strays);
  return run.last();
}

}  // namespace tocsin::harness
