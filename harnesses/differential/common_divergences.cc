// Predicates of the ledger: both stacks in either role.
#include <algorithm>
#include <optional>

#include "core/base/reader.h"
#include "core/wire/extensions.h"
#include "harnesses/differential/alerts.h"
#include "harnesses/differential/facts.h"

namespace tocsin::differential::divergences {
namespace {

// RFC 6066 4: longer than the hello's max_fragment_length grants, or asks for.
bool is_longer_than_agreed(const Facts& facts, const dissect::RecordHeader& header) {
  const ExtensionSeen* asked = facts.extension(static_cast<std::uint16_t>(wire::ExtensionType::max_fragment_length));
  return asked != nullptr && asked->body.size() == 1 && asked->body[0] >= 1 && asked->body[0] <= 4 && facts.faults.empty() &&
         header.length_bytes > std::size_t{256} << asked->body[0];
}

// The input ends inside a record whose header shows that it is to be refused.
bool ends_in_refused_record(const Facts& facts) {
  const auto header = dissect::read_record_header(facts.flight.unfinished_record);
  if (!header) return false;
  if (is_longer_than_agreed(facts, *header)) return true;
  const bool needs_protection = facts.tocsin.answered && facts.openssl.answered;
  return facts.flight.faulty_header || (needs_protection && header->type != ContentType::application_data);
}

// OpenSSL's limit for a message; those that have none here are refused by other rules.
std::size_t limit_of_openssl(HandshakeType type) {
  if (type == HandshakeType::client_hello) return 131396;
  if (type == HandshakeType::server_hello) return 20000;
  if (type == HandshakeType::client_key_exchange) return 2048;
  if (type == HandshakeType::certificate_verify) return 16384;
  if (type == HandshakeType::finished) return 64;
  if (type == HandshakeType::server_hello_done || type == HandshakeType::hello_request) return 0;
  return 102400;
}

struct MessageHeader {
  HandshakeType type;
  std::size_t size_bytes;
};
// Of the message that the input ends inside of, if there is one.
std::optional<MessageHeader> unfinished_header(const Facts& facts) {
  Reader rest(facts.flight.unfinished_message);
  const auto type = static_cast<HandshakeType>(rest.u8());
  const std::size_t size_bytes = rest.u24();
  return rest.failed() ? std::nullopt : std::optional(MessageHeader{type, size_bytes});
}

// Of what OpenSSL reads behind the hello that both took.
bool any_header_behind_hello(const Facts& facts, bool (*is)(const dissect::RecordHeader&)) {
  const auto rest = dissect::read_record_header(facts.flight.unfinished_record);
  return facts.any_record_behind_hello(is) || (facts.hello && rest && is(*rest));
}

bool is_of_version_besides_0303(const dissect::RecordHeader& header) { return header.version != 0x0303; }

// tocsin took the hello, and waits, refuses something behind it or was told by an alert there: it did with the record what it
// does with one of the right version.
bool goes_on_behind_hello(const Facts& facts) {
  const auto is_alert = [](const dissect::RecordView& record) { return record.holds_two_byte_alert(); };
  const bool is_told = facts.tocsin.end == End::told && facts.any_record_behind_hello(is_alert);
  return facts.faults.empty() && facts.is_tocsin_right() && facts.has_come_as_far() &&
         (facts.tocsin.end == End::waiting || facts.tocsin.end == End::rejected || is_told);
}

}  // namespace

bool foreign_record_version(const Facts& facts) {
  if (facts.compared.input.size() < dissect::RecordHeader::size_bytes || facts.compared.input[1] == 3) return false;
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
  return one_waits && facts.has_come_as_far() && ends_in_refused_record(facts) && rejecting.end == End::rejected &&
         rejecting.alert && on_sight.has(rejecting.alert->description);
}

bool several_faults_in_header(const Facts& facts) {
  if (!facts.flight.faulty_header) return false;
  const FaultyHeader& header = *facts.flight.faulty_header;
  Alerts faults;
  const bool is_unprotected = facts.tocsin.answered && facts.hello && header.record > facts.input.hello_record &&
                              header.type != ContentType::application_data;
  faults.add_if(header.is_unknown_type || is_unprotected, AlertDescription::unexpected_message);
  faults.add_if(header.is_foreign_version, AlertDescription::protocol_version);
  faults.add_if(header.is_too_long, AlertDescription::record_overflow);
  return facts.alerts_differ() && faults.has(facts.tocsin.alert->description) && faults.has(facts.openssl.alert->description);
}

// What OpenSSL comes to when it has gone on may be anything.
bool empty_record_tolerated(const Facts& facts) {
  constexpr std::ptrdiff_t tolerated_max = 32;
  const auto& records = facts.flight.records;
  const auto is_empty = [](const dissect::RecordView& record) { return record.fragment.empty() && record.version >> 8 == 3; };
  const auto first = std::ranges::find_if(records, is_empty);
  if (first == records.end() || std::find_if_not(first, records.end(), is_empty) - first > tolerated_max) return false;
  if (first->type == ContentType::handshake) return facts.tocsin_rejects(Reason::record_empty);
  return first->type == ContentType::change_cipher_spec && (facts.tocsin_rejects(Reason::change_cipher_spec_malformed) ||
                                                            facts.tocsin_rejects(Reason::change_cipher_spec_unexpected));
}

bool change_cipher_spec_form(const Facts& facts) {
  const auto is_malformed = [](const dissect::RecordView& record) {
    return record.type == ContentType::change_cipher_spec && !(record.fragment.size() == 1 && record.fragment[0] == 1);
  };
  return !facts.is_tls12() && facts.alerts_differ() && facts.tocsin_rejects(Reason::change_cipher_spec_malformed) &&
         facts.openssl_rejects(AlertDescription::illegal_parameter) && std::ranges::any_of(facts.flight.records, is_malformed);
}

// What OpenSSL comes to when it has dropped it may be anything.
bool change_cipher_spec_limit(const Facts& facts) {
  constexpr std::ptrdiff_t dropped_max = 8;
  const auto is_change_cipher_spec = [](const dissect::RecordView& record) {
    return record.type == ContentType::change_cipher_spec;
  };
  return facts.tocsin_rejects(Reason::change_cipher_spec_too_many) &&
         !facts.openssl_rejects(AlertDescription::unexpected_message) &&
         std::ranges::count_if(facts.flight.records, is_change_cipher_spec) > dropped_max;
}

bool alert_form(const Facts& facts) {
  return facts.alerts_differ() && facts.tocsin_rejects(Reason::alert_malformed) &&
         facts.openssl_rejects(AlertDescription::unexpected_message) &&
         std::ranges::any_of(facts.flight.records, [](const dissect::RecordView& record) {
           return record.type == ContentType::alert && !record.fragment.empty() && !record.holds_two_byte_alert();
         });
}

bool message_limit_of_ours(const Facts& facts) {
  constexpr std::size_t shortest_limit_bytes = 1u << 14;
  const auto header = unfinished_header(facts);
  // It waits for the rest of the message, and comes to what is behind.
  const bool is_awaited = !facts.openssl_rejects(AlertDescription::illegal_parameter);
  return facts.has_come_as_far() && facts.tocsin_rejects(Reason::message_too_long) && is_awaited && header &&
         header->size_bytes > shortest_limit_bytes && header->size_bytes <= limit_of_openssl(header->type);
}

// What OpenSSL comes to when it has heeded the alert may be anything. A server heeds none before it has answered.
bool alert_inside_message(const Facts& facts) {
  const auto& interruption = facts.flight.interruption;
  const bool is_server = facts.compared.role == stacks::Role::server;
  const auto& messages = facts.flight.messages;
  return interruption && interruption->type == ContentType::alert && facts.tocsin_rejects(Reason::message_interleaved) &&
         (!is_server || (!messages.empty() && interruption->record > messages.front().record)) &&
         !facts.openssl_rejects(AlertDescription::unexpected_message);
}

bool record_version_checked(const Facts& facts) {
  return facts.tocsin.answered && !facts.is_tls12() && goes_on_behind_hello(facts) &&
         facts.openssl_rejects(AlertDescription::decode_error) && any_header_behind_hello(facts, is_of_version_besides_0303);
}

bool record_major_checked(const Facts& facts) {
  const auto is_beyond = [](const dissect::RecordHeader& header) { return header.version >> 8 > 3; };
  const auto& records = facts.flight.records;
  if (records.empty()) return false;
  const auto first = std::find_if(records.begin() + 1, records.end(), is_beyond);
  const auto rest = dissect::read_record_header(facts.flight.unfinished_record);
  const bool is_behind_first = first != records.end() || (rest && is_beyond(*rest));
  const auto number = static_cast<std::size_t>(first - records.begin());
  const bool has_hello12_before = facts.is_tls12() && number > facts.input.hello_record;  // which has a row of its own
  return !has_hello12_before && is_behind_first && facts.openssl_rejects(AlertDescription::protocol_version) &&
         facts.is_tocsin_right();
}

bool record_version12_checked(const Facts& facts) {
  const bool is_silent = facts.openssl.end == End::rejected && !facts.openssl.alert;
  const bool is_alert_refused = any_header_behind_hello(facts, [](const dissect::RecordHeader& header) {
    return header.type == ContentType::alert && is_of_version_besides_0303(header);
  });
  const bool is_of_ssl3 =
      any_header_behind_hello(facts, [](const dissect::RecordHeader& header) { return header.version == 0x0300; });
  const bool is_refused = (is_silent && is_alert_refused) || facts.openssl_rejects(AlertDescription::protocol_version) ||
                          (is_of_ssl3 && facts.openssl_rejects(AlertDescription::handshake_failure));
  return facts.is_tls12() && is_refused && goes_on_behind_hello(facts) &&
         any_header_behind_hello(facts, is_of_version_besides_0303);
}

bool message12_limit(const Facts& facts) {
  const auto is_beyond = [](HandshakeType type, std::size_t size_bytes) { return size_bytes > limit_of_openssl(type); };
  const auto last = unfinished_header(facts);
  const bool is_last_beyond = last && is_beyond(last->type, last->size_bytes);
  return facts.is_tls12() && facts.openssl_rejects(AlertDescription::illegal_parameter) &&
         (is_last_beyond || std::ranges::any_of(facts.flight.messages, [&](const MessageSeen& message) {
            return is_beyond(message.type, message.body.size());
          }));
}

bool message_length_impossible(const Facts& facts) {
  const auto header = unfinished_header(facts);
  // The longest fields of a ClientHello; of other messages, lists or a key of 2^16 bytes and some more.
  const std::size_t longest_bytes = header && header->type == HandshakeType::client_hello ? 131396 : 65607;
  return facts.tocsin_rejects(Reason::message_length_impossible) &&
         facts.openssl_rejects(AlertDescription::illegal_parameter) && header && header->size_bytes > longest_bytes;
}

bool record12_too_short(const Facts& facts) {
  const auto& records = facts.flight.records;
  const auto keys_change = std::ranges::find_if(
      records, [](const auto& record) { return record.type == ContentType::change_cipher_spec && !record.fragment.empty(); });
  const auto is_too_short = [](const auto& record) {
    constexpr std::size_t explicit_nonce_and_tag_bytes = 24;
    return record.fragment.size() < explicit_nonce_and_tag_bytes;
  };
  // Its header may have a fault as well, which tocsin sees first.
  return facts.is_tls12() && facts.tocsin.end == End::rejected && facts.openssl_rejects(AlertDescription::internal_error) &&
         keys_change != records.end() && std::any_of(keys_change + 1, records.end(), is_too_short);
}

bool no_renegotiation12_refused(const Facts& facts) {
  return facts.is_tls12() && facts.openssl_rejects(AlertDescription::handshake_failure) && facts.is_tocsin_right() &&
         facts.any_record_behind_hello(
             [](const auto& record) { return holds_alert(record, AlertDescription::no_renegotiation); });
}

bool several_faults(const Facts& facts) {
  if (!facts.hello || !facts.alerts_differ()) return false;
  Faults ours = facts.faults;
  ours.add(facts.input.faults_that_may_pass);
  Faults theirs = ours;
  theirs.add(facts.input.faults_for_openssl_only);
  return std::ranges::any_of(ours, [&](const Fault& found) {
    return found.has_alert(facts.tocsin.alert->description) && std::ranges::any_of(theirs, [&](const Fault& other) {
             return other.has_alert(facts.openssl.alert->description) && !other.is_same_as(found);
           });
  });
}

}  // namespace tocsin::differential::divergences
