// Predicates of the ledger: both stacks in either role.
#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/differential/facts.h"

namespace tocsin::differential::divergences {
namespace {

// The input ends inside a record whose header shows that it is to be refused.
bool ends_in_refused_record(const Facts& facts) {
  const auto header = dissect::read_record_header(facts.flight.unfinished_record);
  if (!header) return false;
  const bool needs_protection = facts.tocsin.answered && facts.openssl.answered;
  return facts.flight.faulty_header || (needs_protection && header->type != ContentType::application_data);
}

// OpenSSL's limit for a message of TLS 1.2 behind the hellos; those that have none here are refused by other rules.
std::size_t limit_of_openssl(HandshakeType type) {
  if (type == HandshakeType::client_key_exchange) return 2048;
  if (type == HandshakeType::certificate_verify) return 16384;
  if (type == HandshakeType::finished) return 64;
  if (type == HandshakeType::server_hello_done || type == HandshakeType::hello_request) return 0;
  return 102400;
}

/// A record of another version, as far as its header is there.
bool has_version_besides_0303(const Flight& flight) {
  const ByteView rest = flight.unfinished_record;
  return std::ranges::any_of(flight.records, [](const auto& record) { return record.version != 0x0303; }) ||
         (rest.size() > 2 && (rest[1] != 3 || rest[2] != 3));
}

}  // namespace

bool foreign_record_version(const Facts& facts) {
  if (facts.compared.input.size() < 2 || facts.compared.input[1] == 3) return false;
  // Here only what is older than SSL 3.0 is refused for it.
  const bool is_refused_here = facts.tocsin.end == End::rejected && !facts.tocsin.answered && !facts.tocsin.retried;
  return (is_refused_here || facts.compared.input[1] > 3) && facts.openssl.end == End::rejected && !facts.openssl.alert &&
         !facts.openssl.answered && !facts.openssl.retried;
}

bool header_refused_at_once(const Facts& facts) {
  const bool one_waits = (facts.tocsin.end == End::waiting) != (facts.openssl.end == End::waiting);
  const Verdict& rejecting = facts.tocsin.end == End::rejected ? facts.tocsin : facts.openssl;
  Alerts on_sight;
  on_sight.add(AlertDescription::unexpected_message);
  on_sight.add(AlertDescription::record_overflow);
  return one_waits && ends_in_refused_record(facts) && rejecting.alert && on_sight.has(rejecting.alert->description);
}

bool several_faults_in_header(const Facts& facts) {
  if (!facts.flight.faulty_header) return false;
  const FaultyHeader& header = *facts.flight.faulty_header;
  Alerts faults;
  const bool is_unprotected = header.type != ContentType::application_data;
  faults.add_if(header.is_unknown_type || (facts.tocsin.answered && is_unprotected), AlertDescription::unexpected_message);
  faults.add_if(header.is_foreign_version, AlertDescription::protocol_version);
  faults.add_if(header.is_too_long, AlertDescription::record_overflow);
  return facts.tocsin.alert && facts.openssl.alert && facts.tocsin.alert->description != facts.openssl.alert->description &&
         faults.has(facts.tocsin.alert->description) && faults.has(facts.openssl.alert->description);
}

bool empty_record_tolerated(const Facts& facts) {
  const auto& records = facts.flight.records;
  return std::any_of(records.begin(), records.end(), [](const auto& record) { return record.fragment.empty(); }) &&
         (facts.tocsin_rejects(Reason::record_empty) || facts.tocsin_rejects(Reason::change_cipher_spec_unexpected) ||
          facts.tocsin_rejects(Reason::change_cipher_spec_malformed) ||
          facts.tocsin_rejects(Reason::record_early_application_data));
}

bool change_cipher_spec_form(const Facts& facts) {
  return facts.tocsin_rejects(Reason::change_cipher_spec_malformed) &&
         facts.openssl_rejects(AlertDescription::illegal_parameter);
}

// What OpenSSL comes to when it has heeded the alert may be anything.
bool alert_inside_message(const Facts& facts) {
  return facts.tocsin_rejects(Reason::message_interleaved) && facts.has_record(ContentType::alert) &&
         !facts.openssl_rejects(AlertDescription::unexpected_message);
}

bool record_version_checked(const Facts& facts) {
  return facts.openssl.answered && facts.openssl_rejects(AlertDescription::decode_error) &&
         has_version_besides_0303(facts.flight);
}

bool record_major_checked(const Facts& facts) {
  const auto is_beyond = [](const dissect::RecordHeader& header) { return header.version >> 8 > 3; };
  const auto& records = facts.flight.records;
  const auto rest = dissect::read_record_header(facts.flight.unfinished_record);
  const bool is_behind_first =
      !records.empty() && (std::any_of(records.begin() + 1, records.end(), is_beyond) || (rest && is_beyond(*rest)));
  return !facts.is_tls12() && is_behind_first && facts.openssl_rejects(AlertDescription::protocol_version);
}

bool record_version12_checked(const Facts& facts) {
  const bool is_silent = facts.openssl.end == End::rejected && !facts.openssl.alert;  // the record may be an alert
  const bool is_refused = is_silent || facts.openssl_rejects(AlertDescription::protocol_version) ||
                          facts.openssl_rejects(AlertDescription::handshake_failure);  // of SSL 3.0
  return facts.is_tls12() && is_refused && has_version_besides_0303(facts.flight);
}

bool message12_limit(const Facts& facts) {
  const auto is_beyond = [](HandshakeType type, std::size_t size_bytes) { return size_bytes > limit_of_openssl(type); };
  Reader rest(facts.flight.unfinished_message);
  const auto last_type = static_cast<HandshakeType>(rest.u8());
  const bool is_last_beyond = is_beyond(last_type, rest.u24()) && !rest.failed();
  return facts.is_tls12() && facts.openssl_rejects(AlertDescription::illegal_parameter) &&
         (is_last_beyond || std::ranges::any_of(facts.flight.messages, [&](const MessageSeen& message) {
            return is_beyond(message.type, message.body.size());
          }));
}

bool message_length_impossible(const Facts& facts) {
  return facts.tocsin_rejects(Reason::message_length_impossible) && facts.openssl_rejects(AlertDescription::illegal_parameter);
}

bool record12_too_short(const Facts& facts) {
  // Its header may have a fault as well, which tocsin sees first.
  return facts.is_tls12() && facts.has_record(ContentType::change_cipher_spec) && facts.tocsin.end == End::rejected &&
         facts.openssl_rejects(AlertDescription::internal_error);
}

bool no_renegotiation12_refused(const Facts& facts) {
  return facts.is_tls12() && facts.openssl_rejects(AlertDescription::handshake_failure) &&
         facts.has_alert(AlertDescription::no_renegotiation);
}

bool several_faults(const Facts& facts) {
  // These have rows of their own.
  const bool is_server = facts.compared.role == stacks::Role::server;
  if (is_server && (no_cipher_suites(facts) || no_null_compression(facts) || point_formats_compressed(facts))) return false;
  return facts.alerts_differ() && facts.faults.has(facts.tocsin.alert->description) &&
         (facts.faults.has(facts.openssl.alert->description) ||
          facts.faults_for_openssl_only.has(facts.openssl.alert->description));
}

}  // namespace tocsin::differential::divergences
