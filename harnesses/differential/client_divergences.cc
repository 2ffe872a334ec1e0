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
  const auto is_hello_request = [](const MessageSeen& message) {
    return message.type == HandshakeType::hello_request && message.body.empty();
  };
  const auto found = std::ranges::find_if(messages, is_hello_request);
  const auto& header = facts.flight.faulty_header;
  return found != messages.end() && (!header || header->record > found->record) &&
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

// SSL 3.0 and what is older both refuse so.
bool version_changed_alert(const Facts& facts) {
  return facts.first_hello && facts.hello->legacy_version > 0x0300 &&
         is_refused_by_both(facts, Reason::version_changed, FaultKind::version_missing, protocol_version);
}

}  // namespace tocsin::differential::divergences
