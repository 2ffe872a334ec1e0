#include "harnesses/checkers/sent_records.h"

#include <algorithm>
#include <string>

#include "harnesses/dissect/records.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

void check_form(bool holds, std::string_view details) { check(Invariant::records_are_well_formed, holds, details); }

}  // namespace

SentRecords::Summary SentRecords::read(ByteView sent) {
  Summary summary;
  if (role_ == stacks::Role::server) server_hello_.take(sent);
  while (!sent.empty()) {
    check_form(!has_failed_, "something was sent after a fatal alert");
    check_form(sent.size() >= dissect::RecordHeader::size_bytes, "half a record header was sent");
    const auto record = dissect::take_record(sent);
    check_form(record.has_value(), "half a record was sent");
    // RFC 9846 5.1: 0x0301 in an initial ClientHello only.
    const bool may_be_0301 = role_ == stacks::Role::client && record->type == ContentType::handshake &&
                             epoch_ == Epoch::plaintext && key_log_.find("CLIENT_RANDOM").empty();
    check_form(record->version == 0x0303 || (record->version == 0x0301 && may_be_0301),
               "a record has a wrong legacy_record_version");

    summary.last_is_alert = false;
    if (is_tls12_protected_ && !record->holds_two_byte_alert()) {  // a protected alert is longer
      read_tls12_protected(record->type, record->fragment, summary);
    } else if (record->type == ContentType::application_data) {
      read_protected(record->bytes, summary);
    } else {
      read_plaintext(record->type, record->fragment, summary);
    }
    ++summary.records;
  }
  return summary;
}

void SentRecords::read_plaintext(ContentType type, ByteView fragment, Summary& summary) {
  check_form(fragment.size() <= record::plaintext_bytes_max, "a plaintext record is too long");
  if (type == ContentType::change_cipher_spec) {
    check_form(fragment.size() == 1 && fragment[0] == 1, "a change_cipher_spec is not the single byte 1");
    if (!key_log_.find("CLIENT_RANDOM").empty()) return start_tls12();
    check_form(epoch_ != Epoch::application, "a change_cipher_spec was sent after the handshake");
    return;
  }
  // An end whose cipher fails has nothing to protect its alert with.
  check_form(epoch_ == Epoch::plaintext || (has_sealing_failed_() && type == ContentType::alert),
             "a plaintext record was sent after a protected one");
  check_form(type == ContentType::handshake || type == ContentType::alert, "a record of unknown type was sent");
  read_content(type, fragment, summary);
  check_form(epoch_ == Epoch::plaintext || has_failed_, "a warning was sent in plaintext after a protected record");
}

void SentRecords::read_protected(ByteView record, Summary& summary) {
  const std::size_t overhead_bytes = record::header_bytes + Aead::tag_bytes;
  check_form(record.size() > overhead_bytes, "a protected record is too short for a content type and a tag");
  check_form(record.size() - overhead_bytes <= record::plaintext_bytes_max + 1, "a protected record is longer than any may be");
  if (opening_ == nullptr) {
    epoch_ = Epoch::handshake;
    summary.last_is_alert = record.size() - overhead_bytes > 2;  // for all that can be seen
    return;
  }
  if (epoch_ == Epoch::plaintext) change_secret(Epoch::handshake, secret_of_this_end("HANDSHAKE_TRAFFIC_SECRET"));
  const auto opened = opener_->open(record);
  check(Invariant::nonce_used_once, opened.has_value(),
        "a protected record does not open with the key and the sequence number that are its turn");
  // A client learns of the limit after its first protected alert may have been due (RFC 8449 4).
  const bool may_ignore_limit =
      role_ == stacks::Role::client && epoch_ == Epoch::handshake && opened->type == ContentType::alert;
  check_form(may_ignore_limit || record.size() - overhead_bytes <= inner_bytes_max_,
             "a protected record is longer than the agreed limit");
  read_content(opened->type, opened->bytes, summary);
}

// RFC 5246 7.1: what follows the change_cipher_spec is protected. Only in TLS 1.2 does a key log name the master secret.
void SentRecords::start_tls12() {
  check_form(epoch_ == Epoch::plaintext && message_.empty(), "a change_cipher_spec of TLS 1.2 is not where it belongs");
  is_tls12_protected_ = true;
  epoch_ = Epoch::handshake;
  if (opening_ == nullptr) return;
  check_form(server_hello_.choice().has_value(), "records were protected before there was a ServerHello");
  tls12_opener_.emplace(
      tls12_protection_of(*opening_, role_, key_log_.find("CLIENT_RANDOM"), key_log_.client_random(), *server_hello_.choice()));
}

void SentRecords::read_tls12_protected(ContentType type, ByteView fragment, Summary& summary) {
  if (!tls12_opener_) {
    summary.last_is_alert = type == ContentType::alert;
    return;
  }
  const auto content = tls12_opener_->open(type, fragment);
  check(Invariant::nonce_used_once, content.has_value(),
        "a protected record does not open with the key and the sequence number that are its turn");
  check_form(content->size() <= std::min(inner_bytes_max_, record::plaintext_bytes_max),
             "a protected record is longer than the agreed limit");
  read_content(type, *content, summary);
}

void SentRecords::read_content(ContentType type, ByteView content, Summary& summary) {
  emit([&] {
    return PayloadEvent{role_ == stacks::Role::client ? "tocsin client" : "tocsin server", PayloadEvent::Direction::sent,
                        static_cast<std::uint8_t>(type), epoch_ != Epoch::plaintext, content};
  });
  check_form(!is_closed_ || type == ContentType::alert, "something else than an alert was sent after close_notify");
  switch (type) {
    case ContentType::alert:
      return read_alert(content, summary);
    case ContentType::handshake:
      return read_handshake(content);
    case ContentType::application_data:
      turns_.note_sent_application_data();
      return check_form(epoch_ == Epoch::application, "application data was sent before the own Finished");
    case ContentType::change_cipher_spec:
      break;
  }
  broken(Invariant::records_are_well_formed, "a change_cipher_spec was protected");
}

void SentRecords::read_alert(ByteView content, Summary& summary) {
  check_form(content.size() == 2, "an alert record does not hold exactly one alert");
  const SentAlert alert{static_cast<AlertLevel>(content[0]), static_cast<AlertDescription>(content[1])};
  const bool is_closure =
      alert.description == AlertDescription::close_notify || alert.description == AlertDescription::user_canceled;
  // RFC 5246 7.2.2: who asks for renegotiation may go on without.
  const bool is_warning = is_closure || (is_tls12_protected_ && alert.description == AlertDescription::no_renegotiation);
  check_form(alert.level == (is_warning ? AlertLevel::warning : AlertLevel::fatal), "an alert has the wrong level");
  check_form(!is_closed_ || alert.level == AlertLevel::fatal, "something else than a fatal alert was sent after close_notify");
  is_closed_ = is_closed_ || alert.description == AlertDescription::close_notify;
  has_failed_ = alert.level == AlertLevel::fatal;
  summary.alerts.push_back(alert);
  summary.last_is_alert = true;
}

void SentRecords::read_handshake(ByteView content) {
  check_form(!content.empty(), "an empty handshake record was sent");
  append(message_, content);
  ByteView rest = message_;
  while (const auto message = dissect::take_message(rest)) {
    const auto [type, body, bytes] = *message;
    // RFC 9846 5.1: a message before a key change ends its record.
    const bool changes_keys = type == HandshakeType::finished || type == HandshakeType::key_update;
    check_form(!changes_keys || rest.empty(), "a key change is not at the end of a record");
    if (opening_ == nullptr) continue;
    if (is_tls12_protected_) {
      check_form(type == HandshakeType::finished, "something else than a Finished was sent protected");
      epoch_ = Epoch::application;
      continue;
    }
    if (type == HandshakeType::finished) change_secret(Epoch::application, secret_of_this_end("TRAFFIC_SECRET_0"));
    if (type == HandshakeType::key_update) read_key_update(body);
  }
  message_.erase(message_.begin(), message_.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

void SentRecords::read_key_update(ByteView body) {
  check_form(body.size() == 1 && body[0] <= 1, "a KeyUpdate is malformed");
  check_form(epoch_ == Epoch::application, "a KeyUpdate was sent before the own Finished");
  turns_.note_sent(body[0] == 1 ? KeyUpdateAsks::yes : KeyUpdateAsks::no);
  opener_->update();
}

Secret SentRecords::secret_of_this_end(std::string_view kind) const {
  return key_log_.find(std::string(role_ == stacks::Role::client ? "CLIENT_" : "SERVER_") + std::string(kind));
}

void SentRecords::change_secret(Epoch epoch, const Secret& secret) {
  check_form(!secret.empty(), "records were protected with a secret that is not in the key log");
  epoch_ = epoch;
  opener_.emplace(*opening_, secret);
}

}  // namespace tocsin::harness
