// Predicates of the ledger: both stacks are clients.
#include <algorithm>

#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/facts.h"
#include "harnesses/differential/server_hello_faults.h"
#include "harnesses/differential/tls12_server_hello_faults.h"
#include "harnesses/differential/x509.h"

namespace tocsin::differential::divergences {
namespace {

using enum AlertDescription;

// OpenSSL asks for encrypt_then_mac by itself, and what it does not know it ignores.
bool is_ignored_by_openssl(std::uint16_t type) {
  constexpr std::uint16_t encrypt_then_mac = 22;
  return type == encrypt_then_mac || !is_known_to_openssl(type);
}

struct KeyExchangeSeen {
  ByteView point;
  SignatureScheme scheme;
  bool is_well_formed;  // the signature fills the rest
};
// Of a server of TLS 1.2, over a named curve; nothing if there is none that can be read.
std::optional<KeyExchangeSeen> server_key_exchange(const Facts& facts) {
  const auto& messages = facts.flight.messages;
  const auto found = std::ranges::find(messages, HandshakeType::server_key_exchange, &MessageSeen::type);
  if (found == messages.end() || !facts.is_tls12()) return std::nullopt;
  constexpr std::size_t curve_type_and_group_bytes = 3;
  Reader reader(found->body);
  reader.take(curve_type_and_group_bytes);
  const ByteView point = reader.vector8();
  const auto scheme = static_cast<SignatureScheme>(reader.u16());
  if (reader.failed()) return std::nullopt;
  reader.vector16();
  return KeyExchangeSeen{point, scheme, reader.done()};
}

bool has_level(const dissect::RecordView& alert, AlertLevel level) {
  return alert.fragment[0] == static_cast<std::uint8_t>(level);
}

}  // namespace

bool change_cipher_spec_first(const Facts& facts) {
  const auto& records = facts.flight.records;
  const auto first = std::ranges::find_if(
      records, [](const dissect::RecordView& record) { return record.type == ContentType::change_cipher_spec; });
  const bool is_before_hello = first != records.end() && std::none_of(records.begin(), first, [](const auto& record) {
                                 return record.type == ContentType::handshake && !record.fragment.empty();
                               });
  return is_before_hello && facts.openssl_rejects(unexpected_message) && !facts.openssl.answered && !facts.openssl.retried &&
         !facts.tocsin_rejects(Reason::change_cipher_spec_unexpected) && facts.is_tocsin_right();
}

bool hello_request_ignored(const Facts& facts) {
  const auto& messages = facts.flight.messages;
  const bool is_first =
      !messages.empty() && messages[0].type == HandshakeType::hello_request && messages[0].body.empty();
  const auto& header = facts.flight.faulty_header;
  return is_first && (!header || header->record > messages[0].record) &&
         facts.tocsin_rejects(Reason::message_unexpected) &&
         !(facts.has_come_as_far() && facts.openssl_rejects(unexpected_message));
}

bool warning_alert_ignored(const Facts& facts) {
  const auto alert = facts.first_alert();
  return alert && has_level(*alert, AlertLevel::warning) && !holds_alert(*alert, close_notify) &&
         facts.tocsin.end == End::told && facts.openssl.end != End::told &&
         !(facts.openssl.end == End::rejected && !facts.openssl.alert);
}

// In TLS 1.2 it would be right; before the hello nobody knows.
bool user_canceled_fatal_heeded(const Facts& facts) {
  const auto& records = facts.flight.records;
  const auto found = std::ranges::find_if(records, [](const dissect::RecordView& record) {
    return holds_alert(record, user_canceled) && has_level(record, AlertLevel::fatal);
  });
  return found != records.end() &&
         (!facts.hello || static_cast<std::size_t>(found - records.begin()) < facts.input.hello_record) &&
         facts.openssl.end == End::told && !facts.openssl.answered && !facts.openssl.retried && facts.is_tocsin_right();
}

// An entry of nothing is out of its range, and no certificate either.
bool several_faults_in_certificate(const Facts& facts) {
  const auto& messages = facts.flight.messages;
  const auto found = std::ranges::find(messages, HandshakeType::certificate, &MessageSeen::type);
  if (found == messages.end() || !facts.is_tls12()) return false;
  Reader message(found->body), list(message.vector24());
  bool is_malformed = !message.done(), is_no_certificate = false;
  while (!list.empty()) {
    const ByteView entry = list.vector24();
    is_malformed = is_malformed || list.failed() || entry.empty();
    is_no_certificate = is_no_certificate || (!list.failed() && !is_certificate(entry));
  }
  return is_malformed && is_no_certificate && facts.alerts_differ() && facts.tocsin_rejects(Reason::message_malformed) &&
         facts.openssl_rejects(bad_certificate);
}

bool forged_certificate_alert(const Facts& facts) {
  const auto& messages = facts.flight.messages;
  const auto found = std::ranges::find(messages, HandshakeType::certificate, &MessageSeen::type);
  if (found == messages.end() || !facts.is_tls12()) return false;
  Reader message(found->body), list(message.vector24());
  const ByteView own = list.vector24();
  Alerts of_certificates;
  for (const AlertDescription alert : {bad_certificate, unsupported_certificate, certificate_expired, unknown_ca, certificate_unknown})
    of_certificates.add(alert);
  Alerts of_openssl = of_certificates;
  of_openssl.add(decrypt_error);
  return !list.failed() && is_forged_certificate(own) && facts.alerts_differ() &&
         of_certificates.has(facts.tocsin.alert->description) && of_openssl.has(facts.openssl.alert->description);
}

bool point12_empty(const Facts& facts) {
  const auto keys = server_key_exchange(facts);
  return keys && keys->point.empty() && facts.alerts_differ() && facts.tocsin_rejects(Reason::message_malformed) &&
         facts.openssl_rejects(illegal_parameter);
}

bool scheme12_not_offered(const Facts& facts) {
  const auto keys = server_key_exchange(facts);
  const auto& offered = facts.compared.config.signature_schemes;
  return keys && std::ranges::find(offered, keys->scheme) == offered.end() && facts.alerts_differ() &&
         facts.tocsin_rejects(Reason::signature_scheme_not_offered) && facts.openssl_rejects(handshake_failure);
}

bool several_faults_in_key_exchange(const Facts& facts) {
  const auto keys = server_key_exchange(facts);
  const auto& offered = facts.compared.config.signature_schemes;
  return keys && !keys->is_well_formed && std::ranges::find(offered, keys->scheme) == offered.end() && facts.alerts_differ() &&
         facts.tocsin_rejects(Reason::message_malformed) &&
         (facts.openssl_rejects(illegal_parameter) || facts.openssl_rejects(handshake_failure));
}

// It is refused as a HelloRetryRequest, to which nobody here has an answer.
bool retry_taken_for_hello(const Facts& facts) {
  const stacks::PeerConfig& config = facts.compared.config;
  if (!facts.hello || stacks::speaks(config, ProtocolVersion::tls13) || !is_hello_retry_request(*facts.hello)) return false;
  const bool is_sound = faults_of_tls12_server_hello(*facts.hello, {config, facts.compared.session_id, nullptr}).empty();
  const bool is_silent = facts.openssl.end == End::rejected && !facts.openssl.alert;
  const bool is_taken = facts.openssl.end == End::waiting || (facts.input.is_more_behind_hello && !is_silent);
  return is_sound && is_taken && facts.tocsin.end == End::rejected && facts.is_tocsin_right() && !facts.openssl.answered &&
         !facts.openssl.retried;
}

bool no_renegotiation_answered(const Facts& facts) {
  const auto alert = facts.first_alert();
  return alert && holds_alert(*alert, no_renegotiation) && facts.tocsin.end == End::told &&
         facts.openssl_rejects(handshake_failure);
}

bool alert_level_judged(const Facts& facts) {
  const auto is_of_other_level = [](const dissect::RecordView& record) {
    return record.holds_two_byte_alert() && !has_level(record, AlertLevel::warning) && !has_level(record, AlertLevel::fatal);
  };
  // In TLS 1.3 it ends the connection, or is a user_canceled and passed over, whatever comes of what follows.
  const bool is_tls13 = facts.hello ? !facts.is_tls12() : !stacks::speaks(facts.compared.config, ProtocolVersion::tls12);
  return is_tls13 && facts.openssl_rejects(illegal_parameter) && std::ranges::any_of(facts.flight.records, is_of_other_level) &&
         facts.is_tocsin_right();
}

bool unasked_extension_taken(const Facts& facts) {
  const auto is_ignored = [](const Fault& fault) {
    return fault.kind == FaultKind::extension_unsolicited && is_ignored_by_openssl(fault.where);
  };
  // Of an extension that OpenSSL knows it sees the form.
  const auto is_malformed_known = [](const Fault& fault) {
    return fault.kind == FaultKind::extension_form && is_known_to_openssl(fault.where);
  };
  if (facts.tocsin_rejects(Reason::extension_malformed) && std::ranges::any_of(facts.faults, is_malformed_known)) return false;
  return (is_taken_by_openssl(facts, Reason::extension_unsolicited, FaultKind::extension_unsolicited) ||
          is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form) ||
          is_taken_by_openssl(facts, Reason::extension_misplaced, FaultKind::extension_misplaced)) &&
         std::ranges::any_of(facts.faults, is_ignored);
}

bool record_size_limit_unasked(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::record_limits_ambiguous, FaultKind::fragment_length_beside_limit);
}

bool retry_without_version(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::version_unsupported, FaultKind::version_missing) &&
         is_taken_for_retry(*facts.hello);
}

bool retry_suite_unchecked(const Facts& facts) {
  if (!is_taken_by_openssl(facts, Reason::cipher_suite_not_offered, FaultKind::suite_not_offered)) return false;
  const auto offered = stacks::tls12_suites_of(facts.compared.config.cipher_suites);
  const auto selected = static_cast<CipherSuite>(Reader(facts.hello->cipher_suites).u16());
  return is_taken_for_retry(*facts.hello) && stacks::speaks(facts.compared.config, ProtocolVersion::tls12) &&
         std::ranges::find(offered, selected) != offered.end();
}

bool foreign_protocol_alert(const Facts& facts) {
  return is_refused_by_both(facts, Reason::application_protocol_not_offered, FaultKind::protocol_not_offered, decode_error);
}

// SSL 3.0 and what is older both refuse so.
bool version_changed_alert(const Facts& facts) {
  return facts.first_hello && facts.hello->legacy_version > 0x0300 &&
         is_refused_by_both(facts, Reason::version_changed, FaultKind::version_missing, protocol_version);
}

bool empty_cookie(const Facts& facts) {
  using enum wire::ExtensionType;
  return is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, cookie) &&
         facts.extension(code(cookie))->body.size() == 2;
}

bool legacy_version_taken(const Facts& facts) {
  return facts.input.version == ProtocolVersion::tls13 && facts.hello->legacy_version != 0x0300 &&
         (is_taken_by_openssl(facts, Reason::legacy_version_wrong, FaultKind::legacy_version) ||
          is_taken_by_openssl(facts, Reason::version_unsupported, FaultKind::legacy_version));
}

bool session_id_too_long_alert(const Facts& facts) {
  return is_refused_by_both(facts, Reason::message_malformed, FaultKind::session_id_too_long, illegal_parameter);
}

bool false_session_echoed(const Facts& facts) {
  return facts.is_tls12() && is_taken_by_openssl(facts, Reason::session_id_echo_wrong, FaultKind::session_id_echo);
}

bool extensions12_of_server_unchecked(const Facts& facts) {
  return facts.is_tls12() && is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form,
                                                 wire::ExtensionType::extended_master_secret);
}

bool point_formats_of_server_unchecked(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::point_formats_invalid, FaultKind::point_formats_value);
}

bool groups_in_server_hello(const Facts& facts) {
  return facts.is_tls12() && is_taken_by_openssl(facts, Reason::extension_misplaced, FaultKind::extension_misplaced,
                                                 wire::ExtensionType::supported_groups);
}

bool renegotiation_info_alert(const Facts& facts) {
  return is_refused_by_both(facts, Reason::renegotiation_info_invalid, FaultKind::renegotiation_info_value, illegal_parameter);
}

}  // namespace tocsin::differential::divergences
