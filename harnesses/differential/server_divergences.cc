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

bool no_null_compression(const Facts& facts) {
  return is_refused_by_both(facts, Reason::compression_invalid, FaultKind::compression_value, decode_error) &&
         std::ranges::count(facts.hello->compression, 0) == 0;
}

bool server_name_of_unknown_type(const Facts& facts) {
  return is_refused_by_openssl(facts, decode_error) &&
         facts.input.faults_for_openssl_only.has(FaultKind::server_name_of_unknown_type);
}

bool point_formats_unchecked(const Facts& facts) {
  using enum stacks::CertificateKind;
  const auto kind = facts.compared.config.certificate;
  return (kind == rsa2048 || kind == ed25519) &&
         is_taken_by_openssl(facts, Reason::point_formats_invalid, FaultKind::point_formats_value);
}

bool early_data_record_limit(const Facts& facts) {
  const auto is_longer_than_plaintext = [](const dissect::RecordView& record) {
    return record.type == ContentType::application_data && record.fragment.size() > record::plaintext_bytes_max &&
           record.fragment.size() <= record::ciphertext_bytes_max;
  };
  return facts.tocsin.retried && facts.openssl.retried && facts.tocsin_rejects(Reason::early_data_too_long) &&
         facts.openssl_rejects(record_overflow) && std::ranges::any_of(facts.flight.records, is_longer_than_plaintext);
}

bool group_preference(const Facts& facts) {
  const Verdict &ours = facts.tocsin, &theirs = facts.openssl;
  return ours.answered && theirs.answered && facts.hello &&
         static_cast<std::uint16_t>(ours.group) == share_of_favourite(*facts.hello, facts.compared.config) &&
         static_cast<std::uint16_t>(theirs.group) == first_usable_share(*facts.hello, facts.compared.config);
}

bool second_hello_not_compared(const Facts& facts) {
  const bool is_checked = facts.faults.has(FaultKind::second_hello_share);
  return !is_checked &&
         (is_taken_by_openssl(facts, Reason::retry_ignored, FaultKind::second_hello_differs) ||
          (facts.first_hello && is_taken_by_openssl(facts, Reason::extension_missing, FaultKind::extension_missing,
                                                    wire::ExtensionType::supported_groups)));
}

bool groups12_absent(const Facts& facts) {
  return is_refused_by_openssl(facts, handshake_failure) && facts.input.faults_that_may_pass.has(FaultKind::no_common_group);
}

}  // namespace tocsin::differential::divergences
