// dtls_client_script and dtls_server_script: a scripted peer of DTLS against an end that is checked after every call.
#include <algorithm>

#include "harnesses/checkers/checked_datagram_client.h"
#include "harnesses/checkers/checked_listener.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/dtls_script_judge.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/script/dtls12/scripted_peer.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using stacks::Role;

/// As the options say, with the versions of TLS 1.2's suites alone.
template <class Config>
Config over_datagrams(Config config, const stacks::PeerConfig& from) {
  config.cipher_suites = stacks::tls12_suites_of(from.cipher_suites);
  return config;
}

script::ScriptedPeerConfig peer_config(const Input& input, Role peer_role) {
  script::ScriptedPeerConfig config = deterministic_scripted_peer(input, peer_role);
  config.version = ProtocolVersion::dtls12;
  return config;
}

EndOutcome outcome_of(const CheckedDatagramClient& end) { return {end.is_handshake_complete() ? 1u : 0u, end.error()}; }
EndOutcome outcome_of(const CheckedListener& end) {
  EndOutcome outcome;
  for (std::uint16_t address = 0; address < script::dtls12::number_of_addresses; ++address) {
    outcome.completions += end.completions(stacks::Address{address});
    if (const auto error = end.error(stacks::Address{address})) outcome.error = error;
  }
  return outcome;
}

/// Whether the two ends have all in common that a handshake needs.
bool is_plain(const Input& input) {
  constexpr std::string_view plain[] = {"seed", "client_authentication", "client_certificate"};
  for (const TracedOption& option : options_of(input))
    if (std::ranges::find(plain, option.name) == std::end(plain)) return false;
  const stacks::ClientCertificate certificate = client_options(input).client_certificate;
  return certificate == stacks::ClientCertificate::none || stacks::is_trusted(certificate);
}

ModelDatagramReceiver model_of(const Input& input, Role role) {
  ModelDatagramReceiver model(role, server_options(input).client_authentication, limits_of(input));
  if (!is_plain(input)) model.give_up();
  return model;
}

/// Plays the input's body as a script in the peer's role against this end.
template <class End>
void play(const Input& input, Role peer_role, End& end) {
  const script::dtls12::Script script = script::dtls12::parse(input.body());
  DtlsScriptJudge judge(
      end, [&] { return outcome_of(end); }, model_of(input, peer_role == Role::client ? Role::server : Role::client));
  script::dtls12::ScriptedPeer peer(peer_config(input, peer_role), &judge);
  peer.play(script, end);
  const bool has_proof = peer.has_proved_itself();
  emit([&] { return NoteEvent{"peer", has_proof ? "has proved itself" : "has not proved itself"}; });
  emit([&] { return NoteEvent{"RFC 6347", judge.model_text()}; });
  const bool is_proved = outcome_of(end).completions == 0 || has_proof;
  check(Invariant::completion_needs_proof, is_proved, is_proved ? "" : script::dtls12::to_text(script));
}

}  // namespace

void scenarios::dtls_client_script(ByteView bytes) {
  const Input input(bytes);
  CheckedDatagramClient end(over_datagrams(deterministic_client(input), client_options(input)), deterministic_name,
                            script::dtls12::begin_of_time);
  play(input, Role::server, end);
}

void scenarios::dtls_server_script(ByteView bytes) {
  const Input input(bytes);
  CheckedListener end(over_datagrams(deterministic_server(input), server_options(input)));
  play(input, Role::client, end);
}

}  // namespace tocsin::harness
