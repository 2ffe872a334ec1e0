// The scripted peer, over real cryptography, against any stack; client_script_openssl and its like: against one that is linked.
#include <cstdio>

#include "harnesses/checkers/linked_stacks.h"
#include "harnesses/differential/rules/deviations.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/script_judge.h"
#include "harnesses/scenarios/script_session.h"
#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"

namespace tocsin::harness {
namespace {

stacks::PeerConfig config_of(const stacks::Stack& stack, const Input& input, stacks::Role judged) {
  return stack.adapted(judged == stacks::Role::client ? client_options(input) : server_options(input));
}

rules::ConversationSetup setup_of(const stacks::Stack& stack, const Input& input, stacks::Role judged) {
  rules::ConversationSetup setup{judged, config_of(stack, input, judged), {}, {}, true, stack.limits()};
  setup.schemes = setup.config.signature_schemes;
  setup.verifies_chains_late = stack.verifies_chains_late();
  if (judged == stacks::Role::client) {
    setup.schemes_of_key = stacks::schemes_of(server_options(input).certificate);
  } else {
    const stacks::ClientCertificate certificate = client_options(input).client_certificate;
    setup.schemes_of_key = stacks::schemes_of(certificate);
    setup.is_certificate_trusted = stacks::is_trusted(certificate);
  }
  return setup;
}

script::ScriptedPeerConfig peer_config(const Input& input, stacks::Role peer_role) {
  const stacks::PeerConfig server = server_options(input), client = client_options(input);
  const ServerConfig of_server = stacks::tocsin_server_config(server);
  script::ScriptedPeerConfig config{peer_role, of_server.provider, nullptr};
  if (peer_role == stacks::Role::server) {
    config.certificate = of_server.certificates.front();
    config.application_protocols = server.application_protocols;
  } else {
    config.certificate = stacks::certified_key_of(client.client_certificate);
    config.application_protocols = client.application_protocols;
    config.client_authentication = server.client_authentication;
  }
  config.version = rules::version_with(peer_role == stacks::Role::server ? client : server);
  return config;
}

/// The end that is judged, and what its other end goes on with; null if the input asks for no connection of before, or it came
/// to none.
struct Judging {
  std::unique_ptr<stacks::Peer> end;
  std::shared_ptr<const script::Session> session;
};

/// A foreign server keeps no session here: none could be resumed.
Judging make_end(stacks::Stack& stack, const Input& input, const script::ScriptedPeerConfig& config, std::uint64_t seed) {
  const stacks::Role judged = other_than(config.role);
  const stacks::PeerConfig of_end = config_of(stack, input, judged);
  const bool is_asked_for = session_by(input, config.version) != script::SessionBy::none;
  if (is_asked_for && judged == stacks::Role::client) {
    const auto before = stack.make(judged, of_end, seed);
    // It asks for no ticket here.
    auto session = begin_session(config, script::SessionBy::id, *before);
    auto end = session ? stack.make_resuming(of_end, seed, *before) : nullptr;
    if (end) return {std::move(end), std::move(session)};
  }
  return {stack.make(judged, of_end, seed), nullptr};
}

struct Played {
  Judged last;
  std::optional<rules::Deviation> deviation;
  bool is_more_behind;  // what had to end it
};

Played play(stacks::Stack& stack, const Input& input, stacks::Role peer_role) {
  const std::uint64_t seed = input.option(Tag::seed, 0);
  script::ScriptedPeerConfig config = peer_config(input, peer_role);
  stacks::RandomStream random(seed + 1000);
  const stacks::UseRandomStream use(random);
  const auto [end, session] = make_end(stack, input, config, seed);
  rules::ConversationSetup setup = setup_of(stack, input, other_than(peer_role));
  if (session) setup.session_suite = session->suite;
  config.session = session;
  ScriptJudge judge(std::move(setup), stack.name(), *end);
  config.watcher = &judge;
  script::ScriptedPeer(std::move(config)).play(script::parse(input.body()), *end);
  const Judged& last = judge.last();
  return {judged_end(*end, last.reading, last.verdict), judge.deviation(), judge.is_more_behind()};
}

// name: as in linked_stacks.
void run(std::string_view name, const Input& input, stacks::Role peer_role) {
  stacks::Stack* const stack = linked_stack(name);
  if (stack == nullptr) {
    std::fprintf(stderr, "this build is without %s: nothing was tried\n", std::string(name).c_str());
    return;
  }
  const Played played = play(*stack, input, peer_role);
  ++stats().oracle_comparisons;
  if (!played.deviation) return;
  const rules::Reading& reading = *played.last.reading;
  if (rules::is_known(name, reading, played.last.verdict, [&] { return played.is_more_behind; })) {
    ++stats().known_divergences;
    return;
  }
  const std::string text = account_of(*played.deviation, reading, input.body());
  if (!rules::was_seen(name, stack->version())) {
    std::fprintf(stderr, "%s %s, which has not been looked through yet: %s", stack->name().c_str(), stack->version().c_str(),
                 text.c_str());
    return;
  }
  ++stats().unknown_divergences;
  finding(text, played.deviation->text);
}

}  // namespace

void scenarios::client_script_gnutls(ByteView bytes) { run("gnutls", Input(bytes), stacks::Role::server); }
void scenarios::client_script_openssl(ByteView bytes) { run("openssl", Input(bytes), stacks::Role::server); }
void scenarios::server_script_gnutls(ByteView bytes) { run("gnutls", Input(bytes), stacks::Role::client); }
void scenarios::server_script_openssl(ByteView bytes) { run("openssl", Input(bytes), stacks::Role::client); }

Judged client_script_of(stacks::Stack& stack, const Input& input) { return play(stack, input, stacks::Role::server).last; }
Judged server_script_of(stacks::Stack& stack, const Input& input) { return play(stack, input, stacks::Role::client).last; }

}  // namespace tocsin::harness
