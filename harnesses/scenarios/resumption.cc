#include "harnesses/scenarios/resumption.h"

#include <algorithm>

#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/mitm.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using differential::Expectation;
using stacks::Peer;
using stacks::PeerConfig;

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

/// RFC 6066 4: what of max_fragment_length holds for a session, or would for a new one.
bool has_the_same_length(const Configs& a, const Configs& b) {
  const auto granted = [](const Configs& configs) {
    const bool is_passed_over = configs.client.record_size_limit != 0 && configs.server.record_size_limit != 0;
    return is_passed_over ? MaxFragmentLength::none : configs.client.max_fragment_length;
  };
  return a.client.max_fragment_length == b.client.max_fragment_length && granted(a) == granted(b);
}

/// Whether the session of a connection that came to what was expected is what a full handshake of TLS 1.2 would allow now, as
/// far as it would look at the same things.
bool is_allowed_again(const Configs& first, const Expectation& agreed, const Configs& now) {
  if (agreed.version != ProtocolVersion::tls12 || !both_speak(now, ProtocolVersion::tls12)) return false;
  if (now.client.server_name != first.client.server_name) return false;  // RFC 6066 3
  if (!has_the_same_length(first, now)) return false;
  if (!has_suite(now.client, agreed.cipher_suite) || !has_suite(now.server, agreed.cipher_suite)) return false;
  const auto own = now.client.client_certificate;
  if (agreed.client_authenticates)
    return own == first.client.client_certificate && now.server.client_authentication != ClientAuthentication::none;
  // Who was asked and had nothing to show may have something now.
  const bool was_asked = first.server.client_authentication != ClientAuthentication::none;
  return now.server.client_authentication != ClientAuthentication::required &&
         (!was_asked || own == stacks::ClientCertificate::none);
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
  const auto key = stacks::certified_key_of(configs.client.client_certificate);
  const Bytes proved = expected.client_authenticates ? key->chain.front() : Bytes{};
  require(server.negotiated().client_certificate == proved && client.negotiated().client_certificate == proved,
          "the ends do not agree on who the client is", client, server);
}

enum class FirstEnding : std::uint8_t { well, in_failure };
FirstEnding end_first(const Input& input, Conversation& conversation) {
  const std::uint8_t closing = input.option(Tag::closing, 3);
  Peer &client = conversation.client(), &server = conversation.server();
  if ((closing & 8) != 0) {
    const Bytes no_tls(5, 'x');
    server.receive(no_tls);
    conversation.exchange();
    require(client.status() == stacks::Status::failed && server.status() == stacks::Status::failed, "no end", client, server);
    return FirstEnding::in_failure;
  }
  if ((closing & 1) != 0) require(client.close(), "close", client, server);
  if ((closing & 2) != 0) require(server.close(), "close", client, server);
  conversation.exchange();
  if ((closing & 4) != 0) {
    client.receive_end_of_stream();
    server.receive_end_of_stream();
  }
  return FirstEnding::well;
}

/// The outcome where a man in the middle stripped an extension that both ends need, and the session could have been resumed.
void check_stripped(const StripExtension& stripped, const Configs& configs, const Expectation* resumed, Peer& client,
                    Peer& server) {
  Expectation expected = stripped.expected;
  const bool is_downgrade = stripped.type == wire::ExtensionType::supported_versions;
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

/// Without its name the session is not this server's (RFC 6066 3), and what comes of a full handshake the server finds: the
/// ClientHellos that both know are not the same. Had it resumed, the client would find that.
void check_stripped_name(const Expectation& in_full, Peer& client, Peer& server) {
  Expectation expected = in_full;
  expected.alerts.add(AlertDescription::decrypt_error);   // a CertificateVerify
  expected.alerts.add(AlertDescription::bad_record_mac);  // or the Finished, under other keys
  check_failure(expected, client, server);
  require(!in_full.completes || server.alert_sent(), "a session is resumed under another name", client, server);
}

void check_injected(Peer& client, Peer& server) {
  Expectation expected;
  expected.alerts.add(AlertDescription::unexpected_message);
  check_failure(expected, client, server);
  require(client.alert_sent().has_value(), "a client takes a NewSessionTicket that was not promised", client, server);
}

enum class ActiveAttack : std::uint8_t { none, strips_name, injects_ticket };
ActiveAttack active_attack(const Input& input, const Configs& configs) {
  const unsigned choice = input.option(Tag::hidden, 0);
  if (both_speak(configs, ProtocolVersion::tls13) || !both_speak(configs, ProtocolVersion::tls12)) return ActiveAttack::none;
  if (choice == 3 && configs.client.server_name != "127.0.0.1") return ActiveAttack::strips_name;  // an address is not sent
  return choice == 4 ? ActiveAttack::injects_ticket : ActiveAttack::none;
}

const Bytes new_session_ticket{22, 3, 3, 0, 11, 4, 0, 0, 7, 0, 0, 0, 9, 0, 1, 't'};

Bytes pieces_of(const Input& input) { return {input.body().begin(), input.body().end()}; }

/// The second connection.
struct Second {
  Configs configs;
  Expectation in_full;
  bool may_be_resumed;  // if TLS 1.2 is chosen
  Expectation resumed;  // what is then to be expected
};

bool forgets(const Input& input) { return (input.option(Tag::resumption, 0) & 4) != 0; }

std::uint32_t later_s(const Input& input) {
  const std::uint32_t root = input.option(Tag::later, 0);
  return root * root;
}

/// Whether the server can know the session by what the client has of it: a ticket, if the server gave both.
bool is_known_still(const Input& first, const Input& again) {
  const unsigned given = first.option(Tag::resumption, 0), taken = again.option(Tag::resumption, 0);
  return !forgets(again) && later_s(again) < stacks::peers_session_lifetime_s && (taken & ((given & 1) != 0 ? 1 : 2)) != 0;
}

void converse_again(const Input& input, const Second& second) {
  const Configs& configs = second.configs;
  const bool is_resumed = second.may_be_resumed && !both_speak(configs, ProtocolVersion::tls13);
  const Expectation& expected = is_resumed ? second.resumed : second.in_full;
  emit([&] {
    return NoteEvent{"target", "expects that the second handshake is " +
                                   std::string(is_resumed ? "resumed and " : "full and ") + outcome_of(expected)};
  });
  const ActiveAttack attack = active_attack(input, configs);
  std::optional<StripExtension> stripped;
  if (attack == ActiveAttack::none)
    stripped = generate_attack(input, configs.client, configs.server, differential::Stack::tocsin);
  Conversation conversation = make_conversation(input, configs.client, configs.server, pieces_of(input), 1);
  Peer &client = conversation.client(), &server = conversation.server();
  if (stripped) conversation.carry_without(stripped->type);
  if (attack == ActiveAttack::strips_name) conversation.carry_without(wire::ExtensionType::server_name);
  if (attack == ActiveAttack::injects_ticket) conversation.inject(new_session_ticket);
  conversation.exchange();
  if (stripped) return check_stripped(*stripped, configs, second.may_be_resumed ? &second.resumed : nullptr, client, server);
  if (attack == ActiveAttack::strips_name) return check_stripped_name(second.in_full, client, server);
  if (!expected.completes) return check_failure(expected, client, server);
  if (attack == ActiveAttack::injects_ticket) return check_injected(client, server);
  check_agreement(expected, client, server);
  require(client.negotiated().resumed == is_resumed && server.negotiated().resumed == is_resumed,
          is_resumed ? "a session is not resumed" : "a session is resumed that may not be", client, server);
  check_authentication(expected, configs, client, server);
  check_data(input, conversation, 'a');
}

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
  const FirstEnding ends = end_first(input, before);

  const Input again(input.body(), input);
  if (!resumes(again)) return;
  if (forgets(again)) memory = {memory.of_client, std::make_shared<SessionCache>(), Bytes(32, 2)};
  Second second{configs_of(again, memory), {}, false, {}};
  second.configs.client.now = second.configs.server.now =
      UnixSeconds{static_cast<std::int64_t>(stacks::peers_now) + later_s(again)};
  second.in_full = expect(second.configs.client, second.configs.server, differential::Stack::tocsin);
  second.resumed = expect_resumed(agreed, second.in_full);
  second.may_be_resumed =
      ends == FirstEnding::well && is_known_still(input, again) && is_allowed_again(first, agreed, second.configs);
  converse_again(again, second);
}

}  // namespace tocsin::harness
