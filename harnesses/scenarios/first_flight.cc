#include "harnesses/scenarios/first_flight.h"

#include <algorithm>

#include "harnesses/checkers/checked_peer.h"
#include "harnesses/checkers/traced_peer.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/facts.h"
#include "harnesses/differential/flight.h"
#include "harnesses/differential/rules/client_flight.h"
#include "harnesses/differential/rules/deviations.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/differential/rules/server_hello.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/records.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/judged.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/sent_flight.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using differential::Case;
using differential::compare;
using differential::Verdict;
using differential::verdict_of;

// sent: what the peer has sent already. Gives that, and what it sends then.
Bytes fed(stacks::Peer& peer, Bytes sent, ByteView bytes, std::size_t chunk_bytes) {
  stacks::each_piece(bytes, chunk_bytes, [&](ByteView piece) {
    peer.receive(piece);
    append(sent, peer.take_output());
    return true;
  });
  return sent;
}

Verdict feed(stacks::Peer& peer, stacks::Role role, Bytes sent, ByteView bytes, std::size_t chunk_bytes) {
  return verdict_of(peer, role, fed(peer, std::move(sent), bytes, chunk_bytes));
}

Verdict feed_tocsin(CheckedPeer& peer, stacks::Role role, Bytes sent, ByteView bytes, std::size_t chunk_bytes) {
  sent = fed(peer, std::move(sent), bytes, chunk_bytes);
  Verdict verdict = verdict_of(peer, role, sent);
  if (role == stacks::Role::server)
    check_flight_of_server(sent, bytes);
  else
    check_flight_of_client(sent);
  if (const auto& error = peer.end().error(); error && error->fatal() != nullptr) {
    note_refusal(*error);
    verdict.why = error->fatal()->why;
  }
  return verdict;
}

// Of the ClientHello that a client has sent; empty without middlebox compatibility.
Bytes session_id_of(ByteView client_hello_record) {
  const auto record = dissect::take_record(client_hello_record);
  ByteView content = record ? record->fragment : ByteView();
  const auto message = dissect::take_message(content);
  if (!message) return {};
  const ByteView session_id = differential::read_client_hello(message->body).session_id;
  return {session_id.begin(), session_id.end()};
}

// The body with this session id in the place of the marker.
Bytes addressed_to(ByteView session_id, ByteView body) {
  Bytes addressed(body.begin(), body.end());
  if (session_id.size() != session_id_marker.size()) return addressed;
  for (auto at = addressed.begin();; at += static_cast<std::ptrdiff_t>(session_id_marker.size())) {
    at = std::search(at, addressed.end(), session_id_marker.begin(), session_id_marker.end());
    if (at == addressed.end()) return addressed;
    std::copy(session_id.begin(), session_id.end(), at);
  }
}

// The ServerHello that tocsin took last, or refused with an alert of its own, as the RFCs judge it: two stacks may agree in
// what is wrong.
void check_server_hello(const Case& both) {
  const Verdict& verdict = both.tocsin;
  const Case ours{both.role, verdict, verdict, both.input, both.config, both.session_id};
  const differential::InputFacts input(ours);
  const differential::Facts facts(ours, input);
  if (!facts.hello) return;
  ++stats().other_checks;
  const bool is_last = verdict.retried == facts.first_hello.has_value();  // no other hello was answered before it
  const bool was_answered = is_last ? verdict.answered : verdict.retried && !verdict.answered;
  // What two ends have in common is judged by handshake_pair.
  const differential::Alerts broken_rules = facts.faults.alerts().without(AlertDescription::handshake_failure);
  if (was_answered && broken_rules.any())
    finding("a hello was answered that an RFC wants refused with " + differential::names_of(broken_rules) + ": " +
            describe(verdict));
  const bool is_refused =
      is_last && !verdict.answered && verdict.alert && verdict.why != Reason::message_too_long;  // our limit
  if (!is_refused || !facts.holds_nothing_but_hellos()) return;
  const differential::Alerts permitted = facts.faults.alerts();
  if (!permitted.any()) finding("a hello was refused in which no RFC finds a fault: " + describe(verdict));
  // RFC 9846 E.5 wants a version of records not accepted, and names no alert.
  if (verdict.why != Reason::record_version_wrong && !permitted.has(verdict.alert->description))
    finding("a hello was refused with another alert than one of those that the RFCs name: " +
            differential::names_of(permitted) + ": " + describe(verdict));
}

differential::Comparison compared(const Case& both) {
  differential::Comparison comparison = compare(both);
  emit([&] { return ComparisonEvent{describe(both.tocsin), describe(both.openssl), &comparison}; });
  return comparison;
}

// tocsin is judged by the rules alone, and never excused.
void require_permitted(const rules::Reading& reading, const Verdict& verdict) {
  ++stats().oracle_comparisons;
  if (const auto deviation = rules::judge(reading, verdict, "tocsin"))
    finding(deviation->text + "\n  " + describe(verdict) + "\n" + rules::describe(reading));
}

// It refuses with an alert of a rule that was read to be broken where it refuses, whatever was not read behind that.
bool refuses_for_a_rule(const rules::Reading& reading, const Verdict& verdict) {
  rules::Reading all = reading;
  all.is_all_read = true;
  return verdict.end == differential::End::rejected && verdict.alert && !rules::judge(all, verdict, {});
}

// What was read does not leave open how it goes on.
bool is_settled(const rules::Reading& reading) { return reading.is_all_read || rules::must_be_refused(reading); }

// It does nothing else, either, where what was read leaves that open.
bool is_permitted(const rules::Reading& reading, const Verdict& verdict) {
  return refuses_for_a_rule(reading, verdict) || (is_settled(reading) && !rules::judge(reading, verdict, {}));
}

bool has_gone_further(const Verdict& one, const Verdict& other) {
  return (one.answered && !other.answered) || (one.retried && !other.retried);
}

// Whether a message comes behind the one in which the last fault was read, or the last record is of no message.
bool is_more_behind(const rules::Reading& reading, ByteView flight) {
  const dissect::Document document = dissect::dissect_records(flight);
  while (const auto record = dissect::take_record(flight))
    if (flight.empty() && record->type != ContentType::handshake) return true;
  return std::ranges::any_of(document.messages, [&](const dissect::Message& message) {
    return message.node.offset > reading.faults.back().offset;
  });
}

// Two stacks may name another of several faults each, or refuse what may be refused; or OpenSSL deviates by itself, as is
// known. fed: to OpenSSL; read_for_openssl gives that as an optional Reading, which most flights need not.
template <class ReadForOpenSsl>
bool is_outcome_open(const rules::Reading& reading, const Verdict& ours, const Verdict& theirs, ByteView fed,
                     ReadForOpenSsl&& read_for_openssl) {
  const bool one_refuses = ours.end == differential::End::rejected || theirs.end == differential::End::rejected;
  const auto differences = differential::differences_between(ours, theirs);
  if (!one_refuses || std::ranges::count(differences, differential::Difference::outcome) == 0) return false;
  const bool has_openssl_gone_on = has_gone_further(theirs, ours);
  const bool is_passed_by_tocsin =
      ours.end != differential::End::rejected || has_gone_further(ours, theirs) || !is_settled(reading);
  const bool is_refusal_explained = has_openssl_gone_on && refuses_for_a_rule(reading, ours);
  const bool is_ours_explained = is_permitted(reading, ours) || is_refusal_explained;
  if (!is_ours_explained && !is_passed_by_tocsin) return false;
  const std::optional<rules::Reading> for_openssl = read_for_openssl();
  if (!for_openssl) return false;
  // What tocsin does behind that was judged by itself, as far as there are rules about it.
  if (is_passed_by_tocsin && refuses_for_a_rule(*for_openssl, theirs)) return true;
  if (!is_ours_explained) return false;
  return is_permitted(*for_openssl, theirs) || (is_refusal_explained && !rules::must_be_refused(*for_openssl)) ||
         rules::is_known("openssl", *for_openssl, theirs,
                         [&] { return has_openssl_gone_on || is_more_behind(*for_openssl, fed); });
}

// What the rules say of a server's flight, to a client that has sent this.
std::optional<rules::Reading> read_server_flight(ByteView flight, ByteView sent) {
  const auto offer = rules::read_client_offer(dissect::dissect_records(sent).stream);
  return offer ? rules::read_server_flight(flight, *offer) : std::nullopt;
}

// As OpenSSL has them.
stacks::PeerConfig client_first_flight_config(const Input& input) {
  stacks::PeerConfig config = client_options(input);
  config.key_shares = 1;
  config.record_size_limit = 0;
  config.extended_master_secret = ExtendedMasterSecret::preferred;
  return config;
}
stacks::PeerConfig server_first_flight_config(const Input& input) {
  stacks::PeerConfig config = server_options(input);
  config.extended_master_secret = ExtendedMasterSecret::preferred;
  return config;
}

}  // namespace

void see_server_first_flight(const Input& input, const CaseObserver& see) {
  const stacks::PeerConfig config = server_first_flight_config(input);
  const std::uint64_t seed = input.option(Tag::seed, 0);
  const std::size_t chunk_bytes = input.option(Tag::chunk_bytes, 0);
  const auto tocsin = checked_server(config, seed, entry_point(input));
  const auto openssl = openssl_peer(stacks::Role::server, config, seed);
  const Verdict ours = feed_tocsin(*tocsin, stacks::Role::server, {}, input.body(), chunk_bytes);
  const rules::Reading reading = rules::read_client_flight(input.body(), config);
  require_permitted(reading, ours);
  const Verdict theirs = feed(*openssl, stacks::Role::server, {}, input.body(), chunk_bytes);
  const bool is_open = is_outcome_open(reading, ours, theirs, input.body(), [&] {
    return rules::read_client_flight(input.body(), openssl_stack().adapted(config));
  });
  see({stacks::Role::server, ours, theirs, input.body(), config, {}, is_open});
}

void see_client_first_flight(const Input& input, const CaseObserver& see) {
  const stacks::PeerConfig config = client_first_flight_config(input);
  const std::uint64_t seed = input.option(Tag::seed, 0);
  const std::size_t chunk_bytes = input.option(Tag::chunk_bytes, 0);
  const auto tocsin = checked_client(config, seed);
  const auto openssl = openssl_peer(stacks::Role::client, config, seed);
  Bytes our_hello = tocsin->take_output(), their_hello = openssl->take_output();
  const Bytes our_session_id = session_id_of(our_hello), their_session_id = session_id_of(their_hello);
  const Bytes to_us = addressed_to(our_session_id, input.body()), to_them = addressed_to(their_session_id, input.body());
  const auto reading = read_server_flight(to_us, our_hello);
  const Verdict ours = feed_tocsin(*tocsin, stacks::Role::client, std::move(our_hello), to_us, chunk_bytes);
  if (reading) require_permitted(*reading, ours);
  const Verdict theirs = feed(*openssl, stacks::Role::client, their_hello, to_them, chunk_bytes);
  const bool is_open =
      reading && is_outcome_open(*reading, ours, theirs, to_them, [&] { return read_server_flight(to_them, their_hello); });
  see({stacks::Role::client, ours, theirs, to_us, config, our_session_id, is_open});
}

differential::Comparison server_first_flight(const Input& input) {
  differential::Comparison comparison;
  see_server_first_flight(input, [&](const Case& both) { comparison = compared(both); });
  return comparison;
}

differential::Comparison client_first_flight(const Input& input) {
  differential::Comparison comparison;
  see_client_first_flight(input, [&](const Case& both) {
    check_server_hello(both);
    comparison = compared(both);
  });
  return comparison;
}

Verdict server_verdict(const Input& input) {
  const auto tocsin = checked_server(server_first_flight_config(input), input.option(Tag::seed, 0), entry_point(input));
  Verdict verdict = feed_tocsin(*tocsin, stacks::Role::server, {}, input.body(), input.option(Tag::chunk_bytes, 0));
  verdict.peer = nullptr;
  return verdict;
}

Judged server_first_flight_of_tocsin(const Input& input) {
  return {rules::read_client_flight(input.body(), server_first_flight_config(input)), server_verdict(input)};
}

Judged server_first_flight_of(stacks::Stack& stack, const Input& input) {
  const stacks::PeerConfig config = stack.adapted(server_first_flight_config(input));
  const auto end = stack.make(stacks::Role::server, config, 0);
  return judged_end(*end, rules::read_client_flight(input.body(), config),
                    feed(*end, stacks::Role::server, {}, input.body(), 0));
}

Verdict client_verdict(const Input& input) { return client_first_flight_of_tocsin(input).verdict; }

Judged client_first_flight_of_tocsin(const Input& input) {
  const auto tocsin = checked_client(client_first_flight_config(input), input.option(Tag::seed, 0));
  const Bytes hello = tocsin->take_output();
  const Bytes body = addressed_to(session_id_of(hello), input.body());
  Judged judged{read_server_flight(body, hello),
                feed_tocsin(*tocsin, stacks::Role::client, hello, body, input.option(Tag::chunk_bytes, 0))};
  judged.verdict.peer = nullptr;
  return judged;
}

Bytes client_first_flight_body(const Input& input) {
  const auto tocsin = checked_client(client_first_flight_config(input), input.option(Tag::seed, 0));
  return addressed_to(session_id_of(tocsin->take_output()), input.body());
}

Judged client_first_flight_of(stacks::Stack& stack, const Input& input) {
  const auto end = stack.make(stacks::Role::client, stack.adapted(client_first_flight_config(input)), 0);
  const Bytes hello = end->take_output();
  const Bytes body = addressed_to(session_id_of(hello), input.body());
  return judged_end(*end, read_server_flight(body, hello), feed(*end, stacks::Role::client, hello, body, 0));
}

std::optional<stacks::FirstFlight> first_flight_for_openssl(std::string_view target, const Input& input) {
  const Bytes body(input.body().begin(), input.body().end());
  if (target == "server_first_flight")
    return stacks::FirstFlight{stacks::Role::server, openssl_stack().adapted(server_first_flight_config(input)), body,
                               session_id_marker};
  if (target == "client_first_flight")
    return stacks::FirstFlight{stacks::Role::client, client_first_flight_config(input), body, session_id_marker};
  return std::nullopt;
}

void require_known(const differential::Comparison& comparison, std::string_view target) {
  using enum differential::Comparison::Kind;
  ++stats().oracle_comparisons;
  if (comparison.kind == known) ++stats().known_divergences;
  if (comparison.kind != unknown) return;
  ++stats().unknown_divergences;
  finding("unknown divergence: " + comparison.text, std::string(target) + ": " + comparison.signature);
}

void scenarios::client_first_flight(ByteView bytes) { require_known(client_first_flight(Input(bytes)), "client_first_flight"); }

void scenarios::server_first_flight(ByteView bytes) { require_known(server_first_flight(Input(bytes)), "server_first_flight"); }

}  // namespace tocsin::harness
