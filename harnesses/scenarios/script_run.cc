#include "harnesses/scenarios/script_run.h"

#include "harnesses/checkers/checked_peer.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

std::unique_ptr<CheckedPeer> checked_end(const Input& input, Role peer_role) {
  return std::make_unique<CheckedPeer>(input.option(Tag::seed, 0), [&](Output& out, const stacks::KeyLog&) {
    if (peer_role == Role::client)
      return std::make_unique<CheckedConnection>(deterministic_server(input), entry_point(input), checks_of_any_end());
    return std::make_unique<CheckedConnection>(deterministic_client(input), deterministic_name, stacks::peers_now, out,
                                               checks_of_any_end());
  });
}

}  // namespace

void run_script(const Input& input, Role peer_role) {
  const script::Script script = script::parse(input.body());
  const auto end = checked_end(input, peer_role);
  script::ScriptedPeerConfig config{peer_role, make_deterministic_provider(input.option(Tag::seed, 0) + 1000u), nullptr};
  config.on_step = [](const script::Step& step) { emit([&] { return NoteEvent{"peer", script::to_text({step})}; }); };
  if (peer_role == Role::server) {
    static const auto certificate = deterministic_certified_key(deterministic_name);
    config.certificate = certificate;
    config.application_protocols = server_options(input).application_protocols;
  } else {
    const ClientConfig client = deterministic_client(input);
    config.application_protocols = client.application_protocols;
    if (!client.certificates.empty()) config.certificate = client.certificates.front();
    config.client_authentication = server_options(input).client_authentication;
  }
  script::ScriptedPeer peer(std::move(config));
  peer.play(script, *end);
  emit([&] { return NoteEvent{"peer", peer.has_proved_itself() ? "has proved itself" : "has not proved itself"}; });
  const bool is_proved = !end->end().is_handshake_complete() || peer.has_proved_itself();
  check(Invariant::completion_needs_proof, is_proved, is_proved ? "" : script::to_text(script));
}

void scenarios::client_script(ByteView bytes) {
  const Input input(bytes);
  run_script(input, Role::server);
}

void scenarios::server_script(ByteView bytes) {
  const Input input(bytes);
  run_script(input, Role::client);
}

}  // namespace tocsin::harness
