#include "fuzz/lib/resumed_pair.h"

#include <algorithm>

#include "fuzz/lib/configs.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/hiding.h"
#include "fuzz/lib/story.h"

namespace tocsin::fuzz {
namespace {

using differential::Expectation;
using peers::Peer;
using peers::PeerConfig;

/// How the two are set up for one connection.
struct Configs {
  PeerConfig client, server;
};

/// What a server has to know a session again by.
struct Memory {
  std::shared_ptr<SessionStore> of_client = std::make_shared<SessionCache>(), of_server = std::make_shared<SessionCache>();
  Bytes ticket_secret = Bytes(32, 1);
};

Configs configs_of(const Input& input, const Memory& memory) {
  Configs configs{client_options(input), server_options(input)};
  configs.client.versions = versions(input, Tag::client_versions);
  configs.server.versions = versions(input, Tag::server_versions);
  const unsigned by = input.option(Tag::resumption, 0) % 4, classic = input.option(Tag::classic_master_secret, 0);
  configs.client.sessions = memory.of_client;
  if ((by & 1) != 0) configs.server.ticket_secret = memory.ticket_secret;
  if ((by & 2) != 0) configs.server.sessions = memory.of_server;
  if ((classic & 1) != 0) configs.client.extended_master_secret = ExtendedMasterSecret::preferred;
  if ((classic & 2) != 0) configs.server.extended_master_secret = ExtendedMasterSecret::preferred;
  return configs;
}

bool both_speak(const Configs& configs, ProtocolVersion version) {
  return speaks(configs.client, version) && speaks(configs.server, version);
}

bool has_suite(const PeerConfig& config, CipherSuite suite) {
  const auto suites = suites_of(config);
  return std::ranges::find(suites, suite) != suites.end();
}

/// Whether the session of a connection that came to what was expected is what a full handshake of TLS 1.2 would allow now, as
/// far as it would look at the same things.
bool is_allowed_again(const Configs& first, const Expectation& agreed, const Configs& now) {
  if (agreed.version != ProtocolVersion::tls12 || !both_speak(now, ProtocolVersion::tls12)) return false;
  if (now.client.server_name != first.client.server_name) return false;  // RFC 6066 3
  if (!has_suite(now.client, agreed.cipher_suite) || !has_suite(now.server, agreed.cipher_suite)) return false;
  const auto own = now.client.client_certificate;
  if (agreed.client_authenticates)
    return own == first.client.client_certificate && now.server.client_authentication != ClientAuthentication::none;
  // Who was asked and had nothing to show may have something now.
  const bool was_asked = first.server.client_authentication != ClientAuthentication::none;
  return now.server.client_authentication != ClientAuthentication::required &&
         (!was_asked || own == peers::ClientCertificate::none);
}

/// What is negotiated anew.
Expectation expect_resumed(const Expectation& first, const Expectation& in_full) {
  Expectation expected;
  expected.version = ProtocolVersion::tls12;
  expected.cipher_suite = first.cipher_suite;
  expected.application_protocol = in_full.application_protocol;
  expected.client_authenticates = first.client_authenticates;
  if (in_full.alerts.has(AlertDescription::no_application_protocol)) {
    expected.completes = false;
    expected.alerts.add(AlertDescription::no_application_protocol);
  }
  return expected;
}

void check_authentication(const Expectation& expected, const Configs& configs, Peer& client, Peer& server) {
  const auto key = peers::certified_key_of(configs.client.client_certificate);
  const Bytes proved = expected.client_authenticates ? key->chain.front() : Bytes{};
  require(server.negotiated().client_certificate == proved && client.negotiated().client_certificate == proved,
          "the ends do not agree on who the client is", client, server);
}

enum class Ends : std::uint8_t { well, in_failure };
Ends end_first(const Input& input, Conversation& conversation) {
  const std::uint8_t closing = input.option(Tag::closing, 3);
  Peer &client = conversation.client(), &server = conversation.server();
  if ((closing & 8) != 0) {
    const Bytes no_tls(5, 'x');
    server.receive(no_tls);
    conversation.exchange();
    require(client.status() == peers::Status::failed && server.status() == peers::Status::failed, "no end", client, server);
    return Ends::in_failure;
  }
  if ((closing & 1) != 0) require(client.close(), "close", client, server);
  if ((closing & 2) != 0) require(server.close(), "close", client, server);
  conversation.exchange();
  if ((closing & 4) != 0) {
    client.receive_end_of_stream();
    server.receive_end_of_stream();
  }
  return Ends::well;
}

/// Who stands in between hides something that both ends would have: what comes of that if the session could be resumed.
void check_hidden(const Hiding& hidden, const Configs& configs, const Expectation* resumed, Peer& client, Peer& server) {
  Expectation expected = hidden.expected;
  const bool is_downgrade = hidden.type == wire::ExtensionType::supported_versions;
  if (resumed != nullptr) {
    expected.alerts = resumed->alerts;
    if (!is_downgrade) expected.alerts = {};  // RFC 7627 5.3: the server aborts before anything else
    if (!is_downgrade || resumed->completes)
      expected.alerts.add(is_downgrade ? AlertDescription::illegal_parameter : AlertDescription::handshake_failure);
    require(is_downgrade || server.alert_sent(), "a server resumes without extended_master_secret", client, server);
  } else if (!is_downgrade && configs.client.extended_master_secret == ExtendedMasterSecret::preferred &&
             configs.server.extended_master_secret == ExtendedMasterSecret::preferred) {
    expected.alerts.add(AlertDescription::decrypt_error);  // the Finished, at last
  }
  check_failure(expected, client, server);
}

Bytes pieces_of(const Input& input) { return {input.body().begin(), input.body().end()}; }

}  // namespace

bool resumes(const Input& input) { return input.option(Tag::resumption, 0) % 4 != 0 && who_of(input) == Who::tocsin_alone; }

void converse_twice(const Input& input) {
  Memory memory;
  const Configs first = configs_of(input, memory);
  const Expectation agreed = expect(first.client, first.server, differential::Stack::tocsin);
  Conversation before = make_conversation(input, first.client, first.server, {});
  before.exchange();
  if (!agreed.completes) return check_failure(agreed, before.client(), before.server());
  check_agreement(agreed, before.client(), before.server());
  require(!before.client().negotiated().resumed && !before.server().negotiated().resumed, "resumed what?", before.client(),
          before.server());
  const Ends ends = end_first(input, before);

  const Input again(input.body(), input);
  if (!resumes(again)) return;
  if ((again.option(Tag::resumption, 0) & 4) != 0) {
    memory.ticket_secret[0] ^= 1;
    memory.of_server = std::make_shared<SessionCache>();
  }
  Configs now = configs_of(again, memory);
  const std::uint32_t root_s = again.option(Tag::later, 0), later_s = root_s * root_s;
  now.client.now = now.server.now = UnixSeconds{static_cast<std::int64_t>(peers::peers_now) + later_s};
  const Expectation in_full = expect(now.client, now.server, differential::Stack::tocsin);
  const bool is_known = ends == Ends::well && (again.option(Tag::resumption, 0) & 4) == 0 &&
                        (input.option(Tag::resumption, 0) & again.option(Tag::resumption, 0) & 3) != 0 &&
                        later_s < peers::peers_session_lifetime_s;
  // With both ways a server gives tickets alone.
  const bool has_ticket = (input.option(Tag::resumption, 0) & 1) != 0;
  const bool is_asked_for = (again.option(Tag::resumption, 0) & (has_ticket ? 1 : 2)) != 0;
  const bool may_be = is_known && is_asked_for && is_allowed_again(first, agreed, now);
  const bool is_tls13 = both_speak(now, ProtocolVersion::tls13);
  Expectation resumed = expect_resumed(agreed, in_full);

  const auto hidden = hiding(again, now.client, now.server, differential::Stack::tocsin);
  const bool is_resumed = may_be && !is_tls13;
  const Expectation& expected = is_resumed ? resumed : in_full;
  tell([&] {
    return Note{"target", "expects that the second handshake " + std::string(is_resumed ? "is resumed and " : "is full and ") +
                              outcome_of(expected)};
  });
  Conversation after = make_conversation(again, now.client, now.server, pieces_of(again));
  Peer &client = after.client(), &server = after.server();
  if (hidden) after.carry_without(hidden->type);
  after.exchange();
  if (hidden) return check_hidden(*hidden, now, may_be ? &resumed : nullptr, client, server);
  if (!expected.completes) return check_failure(expected, client, server);
  check_agreement(expected, client, server);
  require(client.negotiated().resumed == is_resumed && server.negotiated().resumed == is_resumed,
          is_resumed ? "a session is not resumed" : "a session is resumed that may not be", client, server);
  check_authentication(expected, now, client, server);
  check_data(again, after, 'a');
}

}  // namespace tocsin::fuzz
