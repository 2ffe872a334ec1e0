// Predicates of the ledger: both stacks are servers.
#include <algorithm>

#include "core/base/reader.h"
#include "core/record/header.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/facts.h"

namespace tocsin::differential::divergences {
namespace {

using enum AlertDescription;

// OpenSSL alone refuses the hello, which has no fault but those that a server may look for.
bool is_refused_by_openssl(const Facts& facts, AlertDescription alert) {
  return facts.faults.empty() && facts.tocsin_took_hello() && facts.openssl_rejects(alert);
}

bool is_of_user_canceled(const dissect::RecordView& record) { return holds_alert(record, user_canceled); }

}  // namespace

bool sslv2_hello(const Facts& facts) {
  return facts.compared.input.size() > 2 && (facts.compared.input[0] & 0x80) != 0 && facts.compared.input[2] == 1 &&
         facts.is_before_any_answer() && facts.tocsin_rejects(Reason::record_type_unknown) &&
         (facts.openssl.end == End::waiting || (facts.openssl.end == End::rejected && facts.openssl.alert));
}

bool ssl3_hello(const Facts& facts) {
  return facts.hello && facts.hello->legacy_version == 0x0300 && facts.openssl_rejects(handshake_failure) &&
         facts.alerts_differ() && facts.is_tocsin_right();
}

bool hello_legacy_version_taken(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::legacy_version_wrong, FaultKind::legacy_version);
}

bool alert_answered(const Facts& facts) {
  const auto alert = facts.first_alert();
  const auto is_before_alert = [](const dissect::RecordView& record) { return !is_of_user_canceled(record); };
  const auto first = std::ranges::find_if(facts.flight.records, is_before_alert);
  return alert && first->bytes.data() == alert->bytes.data() && facts.tocsin.end == End::told &&
         facts.openssl_rejects(unexpected_message) && facts.is_before_any_answer();
}

bool user_canceled_refused(const Facts& facts) {
  constexpr std::ptrdiff_t passed_over_max = 4;
  const auto& records = facts.flight.records;
  const auto count = std::ranges::find_if_not(records, is_of_user_canceled) - records.begin();
  return count > 0 && count <= passed_over_max && facts.openssl_rejects(unexpected_message) && !facts.openssl.answered &&
         !facts.openssl.retried && facts.tocsin.end != End::told;
}

bool extension_of_openssl_only(const Facts& facts) {
  return facts.openssl.alert && is_refused_by_openssl(facts, static_cast<AlertDescription>(facts.openssl.alert->description)) &&
         std::ranges::any_of(facts.input.faults_for_openssl_only, [&](const Fault& fault) {
           return (fault.kind == FaultKind::extension_of_openssl || fault.kind == FaultKind::fragment_length_value) &&
                  fault.has_alert(facts.openssl.alert->description);
         });
}

bool extension_of_tocsin_only(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::record_size_limit_invalid, FaultKind::record_size_limit_value) ||
         is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form,
                             wire::ExtensionType::record_size_limit);
}

bool unknown_extension_twice(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::extension_duplicate, FaultKind::extension_twice) &&
         std::ranges::none_of(facts.faults, [](const Fault& fault) {
           return fault.kind == FaultKind::extension_twice && (is_known_here(fault.where) || is_known_to_openssl(fault.where));
         });
}

bool versions_malformed(const Facts& facts) {
  return facts.faults.has(FaultKind::extension_form, code(wire::ExtensionType::supported_versions)) &&
         facts.is_tocsin_right() && facts.alerts_differ() && facts.openssl_rejects(protocol_version);
}

bool no_cipher_suites(const Facts& facts) {
  return is_refused_by_both(facts, Reason::message_malformed, FaultKind::cipher_suites_form, illegal_parameter) &&
         facts.hello->cipher_suites.empty();
}

bool no_null_compression(const Facts& facts) {
  return is_refused_by_both(facts, Reason::compression_invalid, FaultKind::compression_value, decode_error) &&
         std::ranges::count(facts.hello->compression, 0) == 0;
}

bool empty_server_name(const Facts& facts) {
  using enum wire::ExtensionType;
  const Bytes empty_name{0, 3, 0, 0, 0};
  return is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, server_name) &&
         std::ranges::equal(facts.extension(code(server_name))->body, empty_name);
}

bool server_name_form(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::server_name_invalid, FaultKind::server_name_form) ||
         (is_refused_by_both(facts, Reason::server_name_invalid, FaultKind::server_name_form, unrecognized_name) &&
          facts.input.faults_for_openssl_only.has(FaultKind::server_name_form));
}

bool unused_keys_malformed(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form,
                             wire::ExtensionType::pre_shared_key) ||
         is_taken_by_openssl(facts, Reason::pre_shared_key_binders_mismatch, FaultKind::binders_mismatch);
}

bool server_name_twice(const Facts& facts) {
  return is_refused_by_both(facts, Reason::server_name_duplicate, FaultKind::server_name_twice, decode_error);
}

bool server_name_of_unknown_type(const Facts& facts) {
  return is_refused_by_openssl(facts, decode_error) &&
         facts.input.faults_for_openssl_only.has(FaultKind::server_name_of_unknown_type);
}

bool extensions12_unchecked(const Facts& facts) {
  using enum wire::ExtensionType;
  return facts.input.version == ProtocolVersion::tls13 &&
         std::ranges::any_of(std::array{ec_point_formats, extended_master_secret, renegotiation_info}, [&](auto type) {
           return is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, type);
         });
}

bool renegotiation_info_trailing(const Facts& facts) {
  using enum wire::ExtensionType;
  if (!is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, renegotiation_info)) return false;
  Reader reader(facts.extension(code(renegotiation_info))->body);
  return reader.vector8().empty() && !reader.failed() && !reader.done();
}

bool point_formats_compressed(const Facts& facts) {
  return is_refused_by_both(facts, Reason::point_formats_invalid, FaultKind::point_formats_value, handshake_failure);
}

bool point_formats_unchecked(const Facts& facts) {
  using enum stacks::CertificateKind;
  const auto kind = facts.compared.config.certificate;
  return (kind == rsa2048 || kind == ed25519) &&
         is_taken_by_openssl(facts, Reason::point_formats_invalid, FaultKind::point_formats_value);
}

bool extensions13_unchecked(const Facts& facts) {
  using enum wire::ExtensionType;
  return facts.input.version == ProtocolVersion::tls12 &&
         std::ranges::any_of(
             std::array{key_share, early_data, cookie, psk_key_exchange_modes, pre_shared_key, signature_algorithms_cert},
             [&](auto type) {
               return is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, type);
             });
}

bool key_modes_missing(const Facts& facts) {
  return is_refused_by_openssl(facts, handshake_failure) &&
         facts.input.faults_for_openssl_only.has(FaultKind::extension_missing,
                                                 code(wire::ExtensionType::psk_key_exchange_modes));
}

bool unsolicited_cookie(const Facts& facts) {
  return is_taken_by_openssl(facts, Reason::cookie_unexpected, FaultKind::cookie_unasked) ||
         is_taken_by_openssl(facts, Reason::extension_malformed, FaultKind::extension_form, wire::ExtensionType::cookie);
}

bool later_shares_unchecked(const Facts& facts) {
  if (!facts.hello) return false;
  const auto is_unseen = [&](const Fault& fault) {
    return fault.kind == FaultKind::share_twice ||
           (fault.kind == FaultKind::share_not_in_groups &&
            is_behind_first_usable_share(*facts.hello, facts.compared.config, fault.where));
  };
  return (is_taken_by_openssl(facts, Reason::key_share_group_wrong, FaultKind::share_not_in_groups) ||
          is_taken_by_openssl(facts, Reason::key_share_duplicate, FaultKind::share_twice)) &&
         std::ranges::any_of(facts.faults, is_unseen);
}

bool unused_share_invalid(const Facts& facts) {
  return facts.hello && is_refused_by_openssl(facts, illegal_parameter) &&
         facts.input.faults_that_may_pass.has(FaultKind::share_invalid,
                                              first_usable_share(*facts.hello, facts.compared.config));
}

bool early_data_record_limit(const Facts& facts) {
  const auto is_longer_than_plaintext = [](const dissect::RecordView& record) {
    return record.type == ContentType::application_data && record.fragment.size() > record::plaintext_bytes_max &&
           record.fragment.size() <= record::ciphertext_bytes_max;
  };
  return facts.tocsin.retried && facts.openssl.retried && facts.tocsin_rejects(Reason::early_data_too_long) &&
         facts.openssl_rejects(record_overflow) && std::ranges::any_of(facts.flight.records, is_longer_than_plaintext);
}

bool early_data_limit(const Facts& facts) {
  constexpr std::size_t limit_bytes = 1u << 14, expansion_of_openssl_bytes = 110;
  std::size_t early_bytes = 0;
  for (const dissect::RecordView& record : facts.flight.records)
    if (record.type == ContentType::application_data) early_bytes += record.fragment.size();
  return facts.tocsin.retried && facts.openssl.retried && facts.tocsin_rejects(Reason::early_data_too_long) &&
         early_bytes > limit_bytes && early_bytes <= limit_bytes + expansion_of_openssl_bytes;
}

bool group_preference(const Facts& facts) {
  const Verdict &ours = facts.tocsin, &theirs = facts.openssl;
  return ours.answered && theirs.answered && facts.hello &&
         static_cast<std::uint16_t>(ours.group) == share_of_favourite(*facts.hello, facts.compared.config) &&
         static_cast<std::uint16_t>(theirs.group) == first_usable_share(*facts.hello, facts.compared.config);
}

bool certificate_schemes_strict(const Facts& facts) {
  return is_refused_by_openssl(facts, handshake_failure) &&
         facts.input.faults_for_openssl_only.has(FaultKind::certificate_schemes);
}

bool second_hello_not_compared(const Facts& facts) {
  const bool is_checked = facts.faults.has(FaultKind::second_hello_share);
  return !is_checked &&
         (is_taken_by_openssl(facts, Reason::retry_ignored, FaultKind::second_hello_differs) ||
          (facts.first_hello && is_taken_by_openssl(facts, Reason::extension_missing, FaultKind::extension_missing,
                                                    wire::ExtensionType::supported_groups)));
}

bool key_exchange12_empty(const Facts& facts) {
  const auto is_empty_one = [](const MessageSeen& message) {
    return message.type == HandshakeType::client_key_exchange && (message.body.empty() || message.body[0] == 0);
  };
  const bool is_refused =
      facts.openssl_rejects(illegal_parameter) || facts.openssl_rejects(handshake_failure);  // of a message without a body
  return facts.is_tls12() && facts.tocsin_rejects(Reason::message_malformed) && is_refused &&
         std::ranges::any_of(facts.flight.messages, is_empty_one);
}

bool key_exchange12_compressed(const Facts& facts) {
  const auto is_compressed = [](const MessageSeen& message) {
    constexpr std::uint8_t forms[] = {2, 3, 6, 7};  // SEC 1 2.3.3, and the hybrid ones of X9.62
    constexpr std::size_t shortest_bytes = 1 + 33;  // with the length
    return message.type == HandshakeType::client_key_exchange && message.body.size() >= shortest_bytes &&
           std::ranges::count(forms, message.body[1]) != 0;
  };
  return facts.is_tls12() && facts.tocsin_rejects(Reason::key_share_invalid) && facts.has_come_as_far() &&
         !facts.openssl_rejects(illegal_parameter) && std::ranges::any_of(facts.flight.messages, is_compressed);
}

bool groups12_absent(const Facts& facts) {
  return is_refused_by_openssl(facts, handshake_failure) && facts.input.faults_that_may_pass.has(FaultKind::no_common_group);
}

bool change_cipher_spec_inside_second_hello(const Facts& facts) {
  const auto& interruption = facts.flight.interruption;
  return facts.tocsin_rejects(Reason::message_interleaved) && facts.tocsin.retried && facts.openssl.retried && interruption &&
         interruption->type == ContentType::change_cipher_spec &&
         !(facts.has_come_as_far() && facts.openssl_rejects(unexpected_message));
}

bool message_behind_first_hello(const Facts& facts) {
  return facts.hello && !facts.first_hello && needs_retry(*facts.hello, facts.compared.config) && facts.tocsin_took_hello() &&
         facts.openssl_rejects(unexpected_message) && !facts.flight.messages.front().ends_its_record;
}

}  // namespace tocsin::differential::divergences
