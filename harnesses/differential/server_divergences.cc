// Predicates of the ledger: both stacks are servers.
#include <algorithm>

#include "core/wire/extensions.h"
#include "harnesses/differential/client_hello_faults.h"
#include "harnesses/differential/facts.h"

namespace tocsin::differential::divergences {
namespace {

constexpr auto code(wire::ExtensionType type) { return static_cast<std::uint16_t>(type); }

}  // namespace

bool sslv2_hello(const Facts& facts) {
  return facts.compared.input.size() > 2 && (facts.compared.input[0] & 0x80) != 0 && facts.compared.input[2] == 1 &&
         facts.tocsin_rejects(Reason::record_type_unknown) && (facts.openssl.end == End::waiting || facts.openssl.alert);
}

bool ssl3_hello(const Facts& facts) {
  return facts.hello && facts.hello->legacy_version == 0x0300 && facts.openssl_rejects(AlertDescription::handshake_failure) &&
         facts.tocsin.alert && facts.faults.has(facts.tocsin.alert->description);
}

bool hello_legacy_version_taken(const Facts& facts) {
  return facts.tocsin_rejects(Reason::legacy_version_wrong) && facts.openssl_went_on();
}

bool alert_answered(const Facts& facts) {
  return facts.tocsin.end == End::told && facts.openssl_rejects(AlertDescription::unexpected_message) &&
         facts.has_record(ContentType::alert) && facts.is_before_any_answer();
}

bool user_canceled_refused(const Facts& facts) {
  return facts.openssl_rejects(AlertDescription::unexpected_message) && facts.has_alert(AlertDescription::user_canceled);
}

bool extension_of_openssl_only(const Facts& facts) {
  return facts.tocsin_went_on() && facts.openssl.alert && !certificate_schemes_strict(facts) &&
         facts.faults_for_openssl_only.has(facts.openssl.alert->description);
}

bool extension_of_tocsin_only(const Facts& facts) {
  const ExtensionSeen* limit = facts.extension(code(wire::ExtensionType::record_size_limit));
  if (limit == nullptr || !facts.openssl_went_on()) return false;
  if (facts.tocsin_rejects(Reason::record_size_limit_invalid)) return true;
  const auto is_other_well_formed = [&](const ExtensionSeen& extension) {
    return &extension == limit || is_well_formed_in_client_hello(extension);
  };
  return facts.tocsin_rejects(Reason::extension_malformed) && limit->body.size() != 2 &&
         std::all_of(facts.hello->extensions.begin(), facts.hello->extensions.end(), is_other_well_formed);
}

bool unknown_extension_twice(const Facts& facts) {
  if (!facts.tocsin_rejects(Reason::extension_duplicate) || !facts.openssl_went_on() || !facts.hello) return false;
  const auto& extensions = facts.hello->extensions;
  return std::none_of(extensions.begin(), extensions.end(), [&](const ExtensionSeen& extension) {
    return is_known_here(extension.type) && facts.hello->count(extension.type) > 1;
  });
}

bool versions_malformed(const Facts& facts) {
  if (!facts.hello || !facts.tocsin.alert || !facts.faults.has(facts.tocsin.alert->description)) return false;
  const ExtensionSeen* versions = facts.hello->find(code(wire::ExtensionType::supported_versions));
  return versions != nullptr && !is_well_formed_in_client_hello(*versions) &&
         facts.openssl_rejects(AlertDescription::protocol_version);
}

bool no_cipher_suites(const Facts& facts) {
  return facts.hello && facts.hello->cipher_suites.empty() && facts.tocsin_rejects(Reason::message_malformed) &&
         facts.openssl_rejects(AlertDescription::illegal_parameter);
}

bool no_null_compression(const Facts& facts) {
  if (!facts.hello || !facts.tocsin_rejects(Reason::compression_invalid)) return false;
  const ByteView methods = facts.hello->compression;
  return std::find(methods.begin(), methods.end(), 0) == methods.end() && facts.openssl_rejects(AlertDescription::decode_error);
}

bool empty_server_name(const Facts& facts) {
  if (!facts.tocsin_rejects(Reason::extension_malformed) || !facts.openssl_went_on() || !facts.hello) return false;
  const ExtensionSeen* name = facts.hello->find(code(wire::ExtensionType::server_name));
  const Bytes empty_name{0, 3, 0, 0, 0};
  return name != nullptr && std::equal(name->body.begin(), name->body.end(), empty_name.begin(), empty_name.end());
}

bool server_name_form(const Facts& facts) {
  return facts.tocsin_rejects(Reason::server_name_invalid) &&
         (facts.openssl_went_on() || facts.openssl_rejects(AlertDescription::unrecognized_name));
}

bool unused_keys_malformed(const Facts& facts) {
  return (facts.tocsin_rejects(Reason::extension_malformed) || facts.tocsin_rejects(Reason::pre_shared_key_binders_mismatch)) &&
         facts.openssl_went_on() && facts.extension(code(wire::ExtensionType::pre_shared_key)) != nullptr;
}

bool server_name_twice(const Facts& facts) {
  return facts.tocsin_rejects(Reason::server_name_duplicate) && facts.openssl_rejects(AlertDescription::decode_error);
}

bool server_name_of_unknown_type(const Facts& facts) {
  return facts.tocsin_went_on() && facts.openssl_rejects(AlertDescription::decode_error) && facts.hello &&
         std::ranges::any_of(server_names_of(*facts.hello), [](const ServerNameSeen& name) { return name.type != 0; });
}

bool extensions12_unchecked(const Facts& facts) {
  using enum wire::ExtensionType;
  const auto has_malformed = [](const auto& hello) {
    return hello && std::any_of(hello->extensions.begin(), hello->extensions.end(), [](const ExtensionSeen& extension) {
             const auto type = static_cast<wire::ExtensionType>(extension.type);
             return (type == ec_point_formats || type == extended_master_secret || type == renegotiation_info) &&
                    !is_well_formed_in_client_hello(extension);
           });
  };
  return facts.tocsin_rejects(Reason::extension_malformed) && facts.openssl_went_on() &&
         (has_malformed(facts.hello) || has_malformed(facts.first_hello));
}

bool point_formats_compressed(const Facts& facts) {
  return facts.tocsin_rejects(Reason::point_formats_invalid) && facts.openssl_rejects(AlertDescription::handshake_failure);
}

bool extensions13_unchecked(const Facts& facts) {
  using enum wire::ExtensionType;
  if (!facts.is_tls12() || !facts.tocsin_rejects(Reason::extension_malformed) || !facts.hello) return false;
  const bool is_taken = facts.openssl_went_on() || facts.alerts_differ();
  return is_taken && std::ranges::any_of(facts.hello->extensions, [](const ExtensionSeen& extension) {
           const auto type = static_cast<wire::ExtensionType>(extension.type);
           return (type == key_share || type == early_data || type == cookie || type == psk_key_exchange_modes ||
                   type == pre_shared_key || type == signature_algorithms_cert || type == record_size_limit) &&
                  !is_well_formed_in_client_hello(extension);
         });
}

bool unsolicited_cookie(const Facts& facts) {
  const ExtensionSeen* cookie = facts.extension(code(wire::ExtensionType::cookie));
  const bool is_malformed =
      facts.tocsin_rejects(Reason::extension_malformed) && cookie != nullptr && !is_well_formed_in_client_hello(*cookie);
  return (facts.tocsin_rejects(Reason::cookie_unexpected) || is_malformed) && facts.openssl_went_on();
}

bool later_shares_unchecked(const Facts& facts) {
  return (facts.tocsin_rejects(Reason::key_share_group_wrong) || facts.tocsin_rejects(Reason::key_share_duplicate)) &&
         facts.openssl_went_on();
}

bool unused_share_invalid(const Facts& facts) {
  return facts.tocsin.answered && facts.tocsin_went_on() && facts.openssl_rejects(AlertDescription::illegal_parameter) &&
         facts.hello && has_invalid_share_besides(*facts.hello, facts.tocsin.group);
}

bool early_data_record_limit(const Facts& facts) {
  return facts.tocsin.retried && facts.tocsin_rejects(Reason::early_data_too_long) &&
         facts.openssl_rejects(AlertDescription::record_overflow);
}

bool group_preference(const Facts& facts) {
  const Verdict &ours = facts.tocsin, &theirs = facts.openssl;
  return ours.answered && theirs.answered && ours.end == theirs.end && ours.cipher_suite == theirs.cipher_suite &&
         ours.group != theirs.group && facts.hello && has_share(*facts.hello, ours.group) &&
         has_share(*facts.hello, theirs.group);
}

bool certificate_schemes_strict(const Facts& facts) {
  return facts.tocsin_went_on() && facts.openssl_rejects(AlertDescription::handshake_failure) &&
         facts.extension(code(wire::ExtensionType::signature_algorithms_cert)) != nullptr;
}

bool second_hello_not_compared(const Facts& facts) {
  const bool lacks_groups = facts.tocsin_rejects(Reason::extension_missing) && facts.first_hello &&
                            facts.extension(code(wire::ExtensionType::supported_groups)) == nullptr;
  return (facts.tocsin_rejects(Reason::retry_ignored) || lacks_groups) && facts.openssl_went_on();
}

bool key_exchange12_empty(const Facts& facts) {
  const auto is_empty_one = [](const MessageSeen& message) {
    return message.type == HandshakeType::client_key_exchange && (message.body.empty() || message.body[0] == 0);
  };
  const bool is_refused = facts.openssl_rejects(AlertDescription::illegal_parameter) ||
                          facts.openssl_rejects(AlertDescription::handshake_failure);  // of a message without a body
  return facts.tocsin_rejects(Reason::message_malformed) && is_refused &&
         std::ranges::any_of(facts.flight.messages, is_empty_one);
}

bool groups12_absent(const Facts& facts) {
  return facts.is_tls12() && facts.tocsin_went_on() && facts.openssl_rejects(AlertDescription::handshake_failure) &&
         facts.extension(code(wire::ExtensionType::supported_groups)) == nullptr;
}

bool change_cipher_spec_inside_second_hello(const Facts& facts) {
  return facts.tocsin_rejects(Reason::message_interleaved) && facts.tocsin.retried && facts.openssl.retried &&
         facts.has_record(ContentType::change_cipher_spec) && !facts.openssl_rejects(AlertDescription::unexpected_message);
}

bool message_behind_first_hello(const Facts& facts) {
  return facts.tocsin.retried && !facts.openssl.retried && facts.openssl_rejects(AlertDescription::unexpected_message) &&
         !facts.flight.messages.empty() && !facts.flight.messages.front().ends_its_record;
}

}  // namespace tocsin::differential::divergences
