// Predicates of the ledger: both stacks are clients.
#include <algorithm>

#include "core/wire/extensions.h"
#include "harnesses/differential/facts.h"
#include "harnesses/differential/server_hello_faults.h"

namespace tocsin::differential::divergences {
namespace {

// It took the hello that tocsin refuses; in TLS 1.2 it may find fault with something in it that it looks at later, or behind
// it.
bool openssl_took_hello(const Facts& facts) { return facts.openssl_went_on() || (facts.is_tls12() && facts.alerts_differ()); }

constexpr auto code(wire::ExtensionType type) { return static_cast<std::uint16_t>(type); }

}  // namespace

bool change_cipher_spec_first(const Facts& facts) {
  return facts.openssl_rejects(AlertDescription::unexpected_message) && !facts.openssl.answered &&
         facts.has_record(ContentType::change_cipher_spec);
}

bool hello_request_ignored(const Facts& facts) {
  const auto is_hello_request = [](const MessageSeen& message) { return message.type == HandshakeType::hello_request; };
  return facts.tocsin_rejects(Reason::message_unexpected) && std::ranges::any_of(facts.flight.messages, is_hello_request);
}

bool warning_alert_ignored(const Facts& facts) {
  const auto is_warning = [](const dissect::RecordView& record) {
    return record.holds_two_byte_alert() && record.fragment[0] == static_cast<std::uint8_t>(AlertLevel::warning);
  };
  return facts.tocsin.end == End::told && std::ranges::any_of(facts.flight.records, is_warning);
}

bool no_renegotiation_answered(const Facts& facts) {
  return facts.tocsin.end == End::told && facts.openssl_rejects(AlertDescription::handshake_failure) &&
         facts.has_alert(AlertDescription::no_renegotiation);
}

bool alert_level_judged(const Facts& facts) {
  const auto is_of_other_level = [](const dissect::RecordView& record) {
    return record.holds_two_byte_alert() && record.fragment[0] != static_cast<std::uint8_t>(AlertLevel::warning) &&
           record.fragment[0] != static_cast<std::uint8_t>(AlertLevel::fatal);
  };
  // Here it ends the connection, or is a user_canceled and passed over, whatever comes of what follows.
  return facts.openssl_rejects(AlertDescription::illegal_parameter) &&
         std::ranges::any_of(facts.flight.records, is_of_other_level);
}

bool unasked_extension_taken(const Facts& facts) {
  // These are known to tocsin, but not to OpenSSL 3.0.
  const bool has_unknown = facts.extension(code(wire::ExtensionType::record_size_limit)) != nullptr ||
                           facts.extension(code(wire::ExtensionType::connection_id)) != nullptr;
  const bool is_unknown =
      facts.tocsin_rejects(Reason::extension_unsolicited) || (facts.tocsin_rejects(Reason::extension_misplaced) && has_unknown);
  return is_unknown && openssl_took_hello(facts);
}

bool record_size_limit_unasked(const Facts& facts) {
  return facts.tocsin_rejects(Reason::record_limits_ambiguous) && openssl_took_hello(facts);
}

bool retry_without_version(const Facts& facts) {
  return facts.tocsin_rejects(Reason::version_unsupported) && facts.openssl_went_on() && facts.openssl.retried &&
         facts.extension(code(wire::ExtensionType::supported_versions)) == nullptr;
}

bool version_changed_alert(const Facts& facts) {
  return facts.tocsin_rejects(Reason::version_changed) && facts.openssl_rejects(AlertDescription::protocol_version) &&
         facts.extension(code(wire::ExtensionType::supported_versions)) == nullptr;
}

bool empty_cookie(const Facts& facts) {
  const ExtensionSeen* cookie = facts.extension(code(wire::ExtensionType::cookie));
  return facts.tocsin_rejects(Reason::extension_malformed) && facts.openssl_went_on() && cookie != nullptr &&
         cookie->body.size() == 2;
}

bool legacy_version_taken(const Facts& facts) {
  return (facts.tocsin_rejects(Reason::legacy_version_wrong) || facts.tocsin_rejects(Reason::version_unsupported)) &&
         facts.openssl_went_on() && facts.hello && facts.hello->legacy_version != 0x0303;
}

bool false_session_echoed(const Facts& facts) {
  return facts.is_tls12() && facts.tocsin_rejects(Reason::session_id_echo_wrong) && openssl_took_hello(facts);
}

bool extensions12_of_server_unchecked(const Facts& facts) {
  const ExtensionSeen* extension = facts.extension(code(wire::ExtensionType::extended_master_secret));
  return facts.is_tls12() && facts.tocsin_rejects(Reason::extension_malformed) && openssl_took_hello(facts) &&
         extension != nullptr && !extension->body.empty();
}

bool point_formats_of_server_unchecked(const Facts& facts) {
  return facts.tocsin_rejects(Reason::point_formats_invalid) && openssl_took_hello(facts);
}

bool groups_in_server_hello(const Facts& facts) {
  return facts.is_tls12() && facts.tocsin_rejects(Reason::extension_misplaced) && openssl_took_hello(facts) &&
         facts.extension(code(wire::ExtensionType::supported_groups)) != nullptr;
}

bool renegotiation_info_alert(const Facts& facts) {
  return facts.tocsin_rejects(Reason::renegotiation_info_invalid) && facts.openssl_rejects(AlertDescription::illegal_parameter);
}

}  // namespace tocsin::differential::divergences
