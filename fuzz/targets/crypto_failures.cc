// Input:      the options of both configurations, seed, way_in, chunk_bytes, data_bytes; fault_side: whose cryptography fails,
//             fault_nth: from which operation on, fault_kind: even once, odd for ever; no body.
// Property:   that end fails with crypto_failed, and the other end hears of it, whenever it happens. Where it is the alert of
//             another failure that cannot be sealed, the error stays that one's, and the alert goes without protection.
// Invariants: fatal_queues_one_alert, and those of every call.
#include "fuzz/lib/configs.h"
#include "fuzz/lib/deterministic_ends.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/pair.h"
#include "fuzz/provider/failing_provider.h"

using namespace tocsin;
using fuzz::FailurePlan;
using fuzz::Tag;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const bool is_client = input.option(Tag::fault_side, 0) % 2 == 0;
  const auto lasts = input.option(Tag::fault_kind, 0) % 2 == 0 ? FailurePlan::Lasts::once : FailurePlan::Lasts::for_ever;
  const auto plan = std::make_shared<FailurePlan>(input.option(Tag::fault_nth, 0), lasts);

  ClientConfig client = fuzz::deterministic_client(input);
  ServerConfig server = fuzz::deterministic_server(input);
  fuzz::CheckOptions client_checks = fuzz::checks_of_client(input), server_checks = fuzz::checks_of_server(input);
  if (is_client) {
    client.provider = fuzz::make_failing_provider(client.provider, plan);
    for (auto& certificate : client.certificates) certificate = fuzz::failing_certified_key(certificate, plan);
    client_checks.has_sealing_failed = [plan] { return plan->has_sealing_failed(); };
  } else {
    server.provider = fuzz::make_failing_provider(server.provider, plan);
    server.certificates = {fuzz::failing_certified_key(server.certificates[0], plan)};
    server_checks.has_sealing_failed = [plan] { return plan->has_sealing_failed(); };
  }
  fuzz::Pair pair(std::move(client), client_checks, std::move(server), fuzz::way_in(input), server_checks);
  pair.exchange(input.option(Tag::chunk_bytes, 0));
  if (pair.is_handshake_complete()) {
    static_cast<void>(pair.agrees(input));
    static_cast<void>(pair.client.update_keys(KeyUpdateRequest::update_requested, pair.from_client));
    static_cast<void>(pair.server.close(pair.from_server));
    pair.exchange(input.option(Tag::chunk_bytes, 0));
  }
  const auto& error = is_client ? pair.client.error() : pair.server.error();
  const bool has_failed =
      error && error->fatal() != nullptr && (error->fatal()->why == Reason::crypto_failed || plan->has_sealing_failed());
  fuzz::check(Invariant::fatal_queues_one_alert, has_failed || !plan->fired(), "an operation failed and the end went on");
  return 0;
}
