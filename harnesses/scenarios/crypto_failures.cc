#include "harnesses/provider/failing_provider.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/loopback.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void scenarios::crypto_failures(ByteView bytes) {
  const Input input(bytes);
  const bool is_client = input.option(Tag::fault_side, 0) % 2 == 0;
  const auto lasts = input.option(Tag::fault_kind, 0) % 2 == 0 ? FailurePlan::Lasts::once : FailurePlan::Lasts::for_ever;
  const auto plan = std::make_shared<FailurePlan>(input.option(Tag::fault_nth, 0), lasts);

  ClientConfig client = deterministic_client(input);
  ServerConfig server = deterministic_server(input);
  CheckOptions client_checks = checks_of_client(input), server_checks = checks_of_server(input);
  if (is_client) {
    client.provider = make_failing_provider(client.provider, plan);
    for (auto& certificate : client.certificates) certificate = failing_certified_key(certificate, plan);
    client_checks.has_sealing_failed = [plan] { return plan->has_sealing_failed(); };
  } else {
    server.provider = make_failing_provider(server.provider, plan);
    server.certificates = {failing_certified_key(server.certificates[0], plan)};
    server_checks.has_sealing_failed = [plan] { return plan->has_sealing_failed(); };
  }
  Loopback loopback(std::move(client), client_checks, std::move(server), entry_point(input), server_checks);
  loopback.exchange(input.option(Tag::chunk_bytes, 0));
  if (loopback.is_handshake_complete()) {
    static_cast<void>(loopback.agrees(input));
    static_cast<void>(loopback.client.update_keys(KeyUpdateRequest::update_requested, loopback.from_client));
    static_cast<void>(loopback.server.close(loopback.from_server));
    loopback.exchange(input.option(Tag::chunk_bytes, 0));
  }
  const auto& error = is_client ? loopback.client.error() : loopback.server.error();
  const bool has_failed =
      error && error->fatal() != nullptr && (error->fatal()->why == Reason::crypto_failed || plan->has_sealing_failed());
  check(Invariant::fatal_queues_one_alert, has_failed || !plan->fired(), "an operation failed and the end went on");
}

}  // namespace tocsin::harness
