#include "harnesses/differential/facts.h"

#include <algorithm>

#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/server_hello_faults.h"
#include "harnesses/differential/tls12_server_hello_faults.h"

namespace tocsin::differential {
namespace {

// A server's hello of TLS 1.2 does not show in what a client has sent.
bool has_come_further(const Verdict& one, const Verdict& other) {
  const bool is_behind = (other.retried && !one.retried) || other.answered;
  return other.end == End::rejected && !is_behind && (one.answered || (one.retried && !other.retried));
}

bool is_change_cipher_spec(const dissect::RecordView& record) {
  return record.type == ContentType::change_cipher_spec && record.fragment.size() == 1 && record.fragment[0] == 1;
}

// What the hello stands behind may have ended tocsin before.
bool is_hello_undisturbed(const InputFacts& input, stacks::Role role) {
  const auto& records = input.flight.records;
  if (input.flight.faulty_header && input.flight.faulty_header->record <= input.hello_record) return false;
  for (std::size_t i = 0; i <= input.hello_record; ++i) {
    const bool is_passed_over = is_change_cipher_spec(records[i]) && (role == stacks::Role::client || input.first_hello);
    if (!is_passed_over && (records[i].type != ContentType::handshake || records[i].fragment.empty())) return false;
  }
  return !(input.flight.interruption && input.flight.interruption->record < input.hello_record);
}

}  // namespace

InputFacts::InputFacts(const Case& seen) : flight(read_flight(seen.input)) {
  bool ends_its_record = true;
  const bool is_server = seen.role == stacks::Role::server;
  const auto hello_type = is_server ? HandshakeType::client_hello : HandshakeType::server_hello;
  for (const MessageSeen& message : flight.messages) {
    if (message.type != hello_type) continue;
    if (hello && !(seen.tocsin.retried && seen.openssl.retried)) break;
    first_hello = std::move(hello);
    ends_its_record = message.ends_its_record;
    hello_record = message.record;
    hello = is_server ? read_client_hello(message.body) : read_server_hello(message.body);
    if (first_hello) break;
  }
  if (!hello) return;
  is_more_behind_hello = !ends_its_record || hello_record + 1 < flight.records.size() || !flight.unfinished_record.empty();
  const HelloSeen* const first = first_hello ? &*first_hello : nullptr;
  if (is_server) {
    version = version_for(*hello, seen.config);
    faults = faults_of_client_hello(*hello, first, seen.config);
    faults_that_may_pass = differential::faults_that_may_pass(*hello, seen.config);
    faults_for_openssl_only = differential::faults_for_openssl_only(*hello, seen.config);
  } else {
    const bool is_tls12 = hello->find(code(wire::ExtensionType::supported_versions)) == nullptr &&
                          !is_hello_retry_request(*hello) && stacks::speaks(seen.config, ProtocolVersion::tls12);
    version = is_tls12 ? ProtocolVersion::tls12 : ProtocolVersion::tls13;
    faults = faults_of_server_hello(*hello, {seen.config, seen.session_id, first});
    // RFC 5246: to a client of TLS 1.2 alone the random of a HelloRetryRequest means nothing.
    const bool is_retry_to_openssl = stacks::speaks(seen.config, ProtocolVersion::tls13);
    const bool selects_a_version = hello->find(code(wire::ExtensionType::supported_versions)) != nullptr;
    if (is_hello_retry_request(*hello) && !is_retry_to_openssl && !selects_a_version)
      faults_for_openssl_only = faults_of_tls12_server_hello(*hello, {seen.config, seen.session_id, nullptr});
    for (const Fault& fault : faults)
      faults_for_openssl_only.add_if(
          fault.kind == FaultKind::renegotiation_info_value || fault.kind == FaultKind::session_id_too_long, fault.kind,
          AlertDescription::illegal_parameter);
  }
  // RFC 9846 5.1: the keys change between a ClientHello and its ServerHello, and behind that; not at a retry.
  // OpenSSL refuses it there as well.
  const bool is_more_in_record = !ends_its_record && hello->is_well_framed && version == ProtocolVersion::tls13;
  const bool is_retry = is_server ? needs_retry(*hello, seen.config) && first == nullptr : is_taken_for_retry(*hello);
  (is_retry ? faults_for_openssl_only : faults)
      .add_if(is_more_in_record && (is_server || !is_retry), FaultKind::more_in_record, AlertDescription::unexpected_message);
}

Facts::Facts(const Case& seen, const InputFacts& fed)
    : compared(seen),
      input(fed),
      tocsin(seen.tocsin),
      openssl(seen.openssl),
      flight(fed.flight),
      first_hello(fed.first_hello),
      hello(fed.hello),
      faults(fed.faults) {}

bool Facts::openssl_rejects(AlertDescription description) const {
  return openssl.end == End::rejected && openssl.alert && openssl.alert->description == static_cast<std::uint8_t>(description);
}

bool Facts::alerts_differ() const {
  return tocsin.end == End::rejected && openssl.end == End::rejected && tocsin.alert && openssl.alert && has_come_as_far() &&
         tocsin.alert->description != openssl.alert->description;
}

bool Facts::openssl_took_hello() const {
  if (has_come_further(openssl, tocsin)) return true;
  const bool may_be_behind = openssl.end == End::waiting || input.is_more_behind_hello;
  return compared.role == stacks::Role::client && is_tls12() && tocsin.end == End::rejected && has_come_as_far() &&
         may_be_behind && !(tocsin.alert && openssl.alert == tocsin.alert);
}
bool Facts::tocsin_took_hello() const { return has_come_further(tocsin, openssl) && is_tocsin_right(); }

bool Facts::is_tocsin_right() const {
  if (!hello) return !tocsin.answered && !tocsin.retried;
  if (!is_hello_undisturbed(input, compared.role)) return true;
  const bool is_second = first_hello.has_value();
  const bool is_taken = is_second ? tocsin.answered : tocsin.answered || tocsin.retried;
  const bool is_refused = tocsin.end == End::rejected && !is_taken;
  const auto has_alert_of = [&](const Faults& some) { return tocsin.alert && some.has_alert(tocsin.alert->description); };
  if (!faults.empty()) return is_refused && (has_alert_of(faults) || has_alert_of(input.faults_that_may_pass));
  if (compared.role == stacks::Role::client && is_tls12()) return !tocsin.answered;
  return is_taken || (is_refused && has_alert_of(input.faults_that_may_pass));
}

bool Facts::is_before_any_answer() const {
  return !tocsin.answered && !openssl.answered && !tocsin.retried && !openssl.retried;
}

bool Facts::holds_nothing_but_hellos() const {
  const auto is_whole_handshake = [](const dissect::RecordView& record) {
    return record.type == ContentType::handshake && !record.fragment.empty();
  };
  const auto hello_type = compared.role == stacks::Role::server ? HandshakeType::client_hello : HandshakeType::server_hello;
  const std::size_t hellos = first_hello ? 2 : 1;
  return hello && !flight.faulty_header && flight.unfinished_record.empty() && flight.unfinished_message.empty() &&
         std::ranges::all_of(flight.records, is_whole_handshake) && flight.messages.size() == hellos &&
         std::ranges::all_of(flight.messages, [&](const MessageSeen& message) { return message.type == hello_type; });
}

std::optional<dissect::RecordView> Facts::first_alert() const {
  for (const dissect::RecordView& record : flight.records)
    if (record.holds_two_byte_alert() && !holds_alert(record, AlertDescription::user_canceled)) return record;
  return std::nullopt;
}

bool Facts::is_tls12() const {
  if (input.version != ProtocolVersion::tls12) return false;
  return compared.role == stacks::Role::client || (tocsin.answered && openssl.answered);
}

bool holds_alert(const dissect::RecordView& record, AlertDescription description) {
  return record.holds_two_byte_alert() && record.fragment[1] == static_cast<std::uint8_t>(description);
}

bool is_taken_by_openssl(const Facts& facts, Reason why, FaultKind kind) {
  return facts.tocsin_rejects(why) && facts.faults.has(kind) && facts.openssl_took_hello();
}
bool is_taken_by_openssl(const Facts& facts, Reason why, FaultKind kind, wire::ExtensionType type) {
  return is_taken_by_openssl(facts, why, kind) && facts.faults.has(kind, code(type));
}

bool is_refused_by_both(const Facts& facts, Reason why, FaultKind kind, AlertDescription alert) {
  return facts.tocsin_rejects(why) && facts.faults.has(kind) && facts.openssl_rejects(alert) && facts.alerts_differ();
}

bool is_sound(const Verdict& tocsin) {
  if (tocsin.end != End::rejected) return true;
  return tocsin.alert && tocsin.why && tocsin.alert->description == static_cast<std::uint8_t>(alert_for(*tocsin.why));
}

}  // namespace tocsin::differential
