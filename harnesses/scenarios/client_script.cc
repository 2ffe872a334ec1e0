// client_script and server_script: a scripted peer against an end that is checked after every call.
#include "harnesses/checkers/checked_peer.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/script_judge.h"
#include "harnesses/scenarios/script_session.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

/// What the judged end knows from one connection to the next.
struct Memory {
  std::shared_ptr<SessionStore> sessions;  // or null
  Secret ticket_secret;                    // or none
};

Memory memory_for(script::SessionBy by, stacks::Role judged) {
  Memory memory;
  if (by == script::SessionBy::none) return memory;
  if (judged == stacks::Role::server && by == script::SessionBy::ticket)
    memory.ticket_secret = Secret(Bytes(32, 1));
  else
    memory.sessions = std::make_shared<SessionCache>();
  return memory;
}

std::unique_ptr<CheckedPeer> checked_end(const Input& input, stacks::Role peer_role, const Memory& memory) {
  return std::make_unique<CheckedPeer>(input.option(Tag::seed, 0), [&](Output& out, const stacks::KeyLog&) {
    if (peer_role == stacks::Role::client) {
      ServerConfig config = deterministic_server(input);
      config.sessions = memory.sessions;
      config.ticket_secret = memory.ticket_secret;
      return std::make_unique<CheckedConnection>(std::move(config), entry_point(input), checks_of_any_end());
    }
    ClientConfig config = deterministic_client(input);
    config.sessions = memory.sessions;
    return std::make_unique<CheckedConnection>(std::move(config), deterministic_name, stacks::peers_now, out,
                                               checks_of_any_end());
  });
}

rules::ConversationSetup setup_of(const Input& input, stacks::Role judged) {
  rules::ConversationSetup setup{judged, {}, {}, {SignatureScheme::ecdsa_secp256r1_sha256}, true, limits_of(input)};
  if (judged == stacks::Role::client) {
    setup.config = client_options(input);
  } else {
    setup.config = server_options(input);
    setup.config.certificate = stacks::CertificateKind::ecdsa_p256;  // as the deterministic one
    const stacks::ClientCertificate certificate = client_options(input).client_certificate;
    if (certificate != stacks::ClientCertificate::none) setup.schemes_of_key = {stacks::schemes_of(certificate).front()};
    setup.is_certificate_trusted = stacks::is_trusted(certificate);
  }
  setup.schemes = setup.config.signature_schemes;
  return setup;
}

/// Of a client that plays as config says, and takes the certificate of a deterministic server.
rules::ConversationSetup setup_of_reader(const script::ScriptedPeerConfig& config) {
  rules::ConversationSetup setup{
      stacks::Role::client, {}, ClientConfig{}.signature_schemes, {SignatureScheme::ecdsa_secp256r1_sha256}, true, {}};
  setup.config.versions = {config.version};
  setup.config.application_protocols = config.application_protocols;
  if (config.session) setup.session_suite = config.session->suite;
  return setup;
}

script::ScriptedPeerConfig peer_config(const Input& input, stacks::Role peer_role) {
  script::ScriptedPeerConfig config = deterministic_scripted_peer(input, peer_role);
  config.version = rules::version_with(peer_role == stacks::Role::server ? client_options(input) : server_options(input));
  return config;
}

struct Played {
  Judged last;
  std::optional<rules::Deviation> deviation;
  bool is_complete;  // the end's handshake
  bool has_proof;    // the peer has sent all that this needs
  bool has_passed_limits;
};

// Plays the input's body as a script in the peer's role against tocsin in the other role, over the deterministic provider.
Played play(const Input& input, stacks::Role peer_role) {
  const script::Script script = script::parse(input.body());
  script::ScriptedPeerConfig config = peer_config(input, peer_role);
  const script::SessionBy by = session_by(input, config.version);
  const Memory memory = memory_for(by, other_than(peer_role));
  if (by != script::SessionBy::none) config.session = begin_session(config, by, *checked_end(input, peer_role, memory));
  const auto end = checked_end(input, peer_role, memory);
  rules::ConversationSetup setup = setup_of(input, other_than(peer_role));
  if (config.session) setup.session_suite = config.session->suite;
  ScriptJudge judge(std::move(setup), "tocsin", *end);
  if (peer_role == stacks::Role::client) judge.read_sender(setup_of_reader(config));
  config.watcher = &judge;
  script::ScriptedPeer peer(std::move(config));
  peer.play(script, *end);
  emit([&] { return NoteEvent{"peer", peer.has_proved_itself() ? "has proved itself" : "has not proved itself"}; });
  const bool has_proof = judge.is_sure() ? judge.has_all_that_completes() : peer.has_proved_itself();
  return {judge.last(), judge.deviation(), end->end().is_handshake_complete(), has_proof, judge.has_passed_limits()};
}

void run_script(const Input& input, stacks::Role peer_role) {
  const Played played = play(input, peer_role);
  ++stats().other_checks;
  // First, since it says which rule the end has broken.
  if (played.deviation) finding(account_of(*played.deviation, *played.last.reading, input.body()), played.deviation->text);
  check(Invariant::memory_is_bounded, !played.has_passed_limits, "more is taken than the limits permit");
  const bool is_proved = !played.is_complete || played.has_proof;
  check(Invariant::completion_needs_proof, is_proved, is_proved ? "" : script::to_text(script::parse(input.body())));
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

Judged client_script_of_tocsin(const Input& input) { return play(input, stacks::Role::server).last; }
Judged server_script_of_tocsin(const Input& input) { return play(input, stacks::Role::client).last; }

}  // namespace tocsin::harness
