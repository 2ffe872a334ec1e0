// client_script and server_script: a scripted peer against an end that is checked after every call.
#include "harnesses/checkers/checked_peer.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/script/scripted_peer.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

std::unique_ptr<CheckedPeer> checked_end(const Input& input, stacks::Role peer_role) {
  return std::make_unique<CheckedPeer>(input.option(Tag::seed, 0), [&](Output& out, const stacks::KeyLog&) {
    if (peer_role == stacks::Role::client)
      return std::make_unique<CheckedConnection>(deterministic_server(input), entry_point(input), checks_of_any_end());
    return std::make_unique<CheckedConnection>(deterministic_client(input), deterministic_name, stacks::peers_now, out,
                                               checks_of_any_end());
  });
}

void check_alert(AlertDescription due, const std::optional<stacks::AlertSeen>& sent, const script::Script& script) {
  ++stats().other_checks;
  if (sent && sent->description == static_cast<std::uint8_t>(due)) return;
  finding(std::string(alert_name(due)) + " was due, and " +
          (sent ? std::string(alert_name(static_cast<AlertDescription>(sent->description))) : "no alert") +
          " was sent: " + script::to_text(script));
}

// Plays the input's body as a script in the peer's role against tocsin in the other role, over the deterministic provider.
void run_script(const Input& input, stacks::Role peer_role) {
  const script::Script script = script::parse(input.body());
  const auto end = checked_end(input, peer_role);
  script::ScriptedPeerConfig config{peer_role, make_deterministic_provider(input.option(Tag::seed, 0) + 1000u), nullptr};
  config.on_step = [](const script::Step& step) { emit([&] { return NoteEvent{"peer", script::to_text({step})}; }); };
  if (peer_role == stacks::Role::server) {
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
  if (peer.due_alert()) check_alert(*peer.due_alert(), end->alert_sent(), script);
}

}  // namespace

void scenarios::client_script(ByteView bytes) {
  const Input input(bytes);
  run_script(input, stacks::Role::server);
}

void scenarios::server_script(ByteView bytes) {
  const Input input(bytes);
  run_script(input, stacks::Role::client);
}

}  // namespace tocsin::harness
