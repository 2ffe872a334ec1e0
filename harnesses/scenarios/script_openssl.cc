// client_script_openssl and server_script_openssl: the scripted peer, over real cryptography, against OpenSSL.
#include <cstdio>

#include "harnesses/checkers/traced_peer.h"
#include "harnesses/differential/rules/deviations.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/script_judge.h"
#include "harnesses/scenarios/script_session.h"
#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/openssl/context.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"

namespace tocsin::harness {
namespace {

// What OpenSSL 3.0 takes of what nobody need take without end.
Limits limits_of_openssl() {
  Limits limits;
  limits.warning_alerts_max = 4;
  limits.empty_records_max = 31;
  limits.post_handshake_messages_max = 31;
  limits.post_handshake_data_bytes = 0;
  return limits;
}

stacks::PeerConfig config_of(const Input& input, stacks::Role judged) {
  stacks::PeerConfig config = judged == stacks::Role::client ? client_options(input) : server_options(input);
  config.key_shares = 1;  // as OpenSSL has them
  config.record_size_limit = 0;
  return config;
}

rules::ConversationSetup setup_of(const Input& input, stacks::Role judged) {
  rules::ConversationSetup setup{judged, config_of(input, judged), {}, {}, true, limits_of_openssl()};
  setup.schemes = setup.config.signature_schemes;
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

/// What both ends have of a connection of before; each null if the input asks for none, or it came to none.
struct Former {
  std::shared_ptr<const script::Session> of_peer;
  stacks::SslSessionPtr of_openssl;
};

/// A server of OpenSSL keeps no session here: none could be resumed.
Former session_of_before(const Input& input, const script::ScriptedPeerConfig& config, std::uint64_t seed) {
  const bool is_asked_for = session_by(input, config.version) != script::SessionBy::none;
  if (!is_asked_for || config.role == stacks::Role::client) return {};
  stacks::OpenSslPeer openssl(stacks::Role::client, config_of(input, stacks::Role::client), seed);
  // OpenSSL asks for no ticket here.
  auto of_peer = begin_session(config, script::SessionBy::id, openssl);
  if (!of_peer) return {};
  return {std::move(of_peer), openssl.session()};
}

struct Played {
  Judged last;
  std::optional<rules::Deviation> deviation;
  bool is_more_behind;  // what had to end it
};

Played play(const Input& input, stacks::Role peer_role) {
  const stacks::Role judged = other_than(peer_role);
  const std::uint64_t seed = input.option(Tag::seed, 0);
  script::ScriptedPeerConfig config = peer_config(input, peer_role);
  stacks::RandomStream random(seed + 1000);
  const stacks::UseRandomStream use(random);
  Former former = session_of_before(input, config, seed);
  const auto openssl = openssl_peer(judged, config_of(input, judged), seed, former.of_openssl.get());
  rules::ConversationSetup setup = setup_of(input, judged);
  if (former.of_peer) setup.session_suite = former.of_peer->suite;
  config.session = std::move(former.of_peer);
  ScriptJudge judge(std::move(setup), "OpenSSL", *openssl);
  config.watcher = &judge;
  script::ScriptedPeer(std::move(config)).play(script::parse(input.body()), *openssl);
  Played played{judge.last(), judge.deviation(), judge.is_more_behind()};
  played.last.verdict.peer = nullptr;
  return played;
}

void run(const Input& input, stacks::Role peer_role) {
  const Played played = play(input, peer_role);
  ++stats().oracle_comparisons;
  if (!played.deviation) return;
  const rules::Reading& reading = *played.last.reading;
  if (rules::is_known("openssl", reading, played.last.verdict, [&] { return played.is_more_behind; })) {
    ++stats().known_divergences;
    return;
  }
  const std::string text = account_of(*played.deviation, reading, input.body());
  if (!rules::was_seen("openssl", stacks::openssl_version())) {
    std::fprintf(stderr, "OpenSSL %s, which has not been looked through yet: %s",
                 std::string(stacks::openssl_version()).c_str(), text.c_str());
    return;
  }
  ++stats().unknown_divergences;
  finding(text, played.deviation->text);
}

}  // namespace

void scenarios::client_script_openssl(ByteView bytes) { run(Input(bytes), stacks::Role::server); }
void scenarios::server_script_openssl(ByteView bytes) { run(Input(bytes), stacks::Role::client); }

Judged client_script_of_openssl(const Input& input) { return play(input, stacks::Role::server).last; }
Judged server_script_of_openssl(const Input& input) { return play(input, stacks::Role::client).last; }

}  // namespace tocsin::harness
