#include "harnesses/differential/rules/records.h"

#include <algorithm>
#include <utility>

#include "harnesses/differential/rules/codes.h"

namespace tocsin::rules {
namespace {

using enum ContentType;

constexpr std::size_t plaintext_bytes_max = 1u << 14, ciphertext_bytes_max = plaintext_bytes_max + 256;
// What an honest peer has use for, and more: RFC 9846 5 and 6.1 name no limit.
constexpr std::size_t change_cipher_specs_max = 8, warnings_max = 4, early_data_bytes_max = 1u << 14;
constexpr std::uint8_t warning = 1, fatal = 2, close_notify = 0, user_canceled = 90;

bool is_known(ContentType type) { return type >= change_cipher_spec && type <= application_data; }

// The longest that the fields of a message can make it.
std::size_t body_bytes_max(std::uint8_t type) {
  constexpr std::size_t version = 2, random = 32, session_id = 1 + 32, suites = 2 + 0xfffe, compression = 1 + 255,
                        extensions = 2 + 0xffff;
  if (type == client_hello) return version + random + session_id + suites + compression + extensions;
  if (type == server_hello) return version + random + session_id + 2 + 1 + extensions;
  if (type == client_key_exchange) return 1 + 255;  // RFC 8422 5.7
  return 0xffffff;
}

}  // namespace

Fault& Records::add(Rule rule, const Phase& phase, std::string path, std::size_t offset) {
  // Before a version is chosen a stack need not know that a rule of one version is its own.
  const bool is_own = row_of(rule).versions == Versions::any || phase.version;
  reading_.faults.push_back({rule, std::move(path), offset, !is_own, phase.at});
  return reading_.faults.back();
}

void Records::add_in_record(Rule rule, const Phase& phase, std::string_view field) {
  add(rule, phase, "TLSPlaintext" + (field.empty() ? "" : "." + std::string(field)), record_offset_);
}

std::size_t Records::offset_in_input(std::size_t offset_in_stream) const {
  const auto behind = std::ranges::upper_bound(pieces_, offset_in_stream, {}, &Piece::in_stream);
  if (behind == pieces_.begin()) return offset_in_stream;
  const Piece& piece = *(behind - 1);
  return piece.in_input + offset_in_stream - piece.in_stream;
}

std::optional<Arrived> Records::next(const Phase& phase) {
  while (!is_over_) {
    if (auto arrived = take_message(phase)) return arrived;
    if (is_over_) break;
    const Took took = take_record(phase);
    if (took == Took::nothing) break;
    if (took == Took::change_cipher_spec) return Arrived{};
  }
  return std::nullopt;
}

// A stack may refuse a message for its header, or wait for the rest of it.
std::optional<Arrived> Records::take_message(const Phase& phase) {
  constexpr std::size_t header_bytes = dissect::MessageView::header_bytes;
  ByteView rest = ByteView(stream_).subspan(taken_);
  if (rest.size() < header_bytes) return std::nullopt;
  const std::uint8_t type = rest[0];
  const std::size_t body_bytes = std::size_t{rest[1]} << 16 | std::size_t{rest[2]} << 8 | rest[3];
  const bool is_whole = rest.size() - header_bytes >= body_bytes;
  const std::size_t offset = offset_in_input(taken_);
  if (!std::exchange(is_header_seen_, true)) {
    if (std::ranges::count(phase.messages, type) == 0) {
      header_fault_ = reading_.faults.size();
      add(phase.misplaced(type), phase, "Handshake.msg_type", offset);
    } else if (body_bytes > body_bytes_max(type)) {
      add(Rule::message_length_impossible, phase, "Handshake.length", offset + 1);
    } else if (body_bytes > plaintext_bytes_max) {
      add(Rule::message_longer_than_need, phase, "Handshake.length", offset + 1);
    }
  }
  if (header_fault_) {
    reading_.faults[*header_fault_].may_pass = !is_whole;
    is_over_ = is_whole;
    return std::nullopt;
  }
  if (!is_whole) return std::nullopt;
  is_header_seen_ = false;
  taken_ += header_bytes + body_bytes;
  return Arrived{dissect::read_messages(rest.first(header_bytes + body_bytes)).at(0), offset};
}

Records::Took Records::take_record(const Phase& phase) {
  record_offset_ = offset();
  const auto header = dissect::read_record_header(rest_);
  if (!header) return Took::nothing;
  const std::size_t faults_before = reading_.faults.size();
  see_header(*header, phase);
  Took took = Took::record;
  if (const auto record = dissect::take_record(rest_)) {
    took = see_content(*record, phase);
  } else {
    // What the header shows may be refused at once, or when the record is whole.
    for (std::size_t i = faults_before; i < reading_.faults.size(); ++i) reading_.faults[i].may_pass = true;
    if (phase.has_keys && header->type == application_data) stop_unread();
    is_over_ = true;
  }
  const auto is_end = [&](const Fault& fault) { return is_binding(fault, reading_); };
  is_over_ = is_over_ ||
             std::any_of(reading_.faults.begin() + static_cast<std::ptrdiff_t>(faults_before), reading_.faults.end(), is_end);
  return is_over_ ? Took::nothing : took;
}

// What its header tells of a record.
void Records::see_header(const dissect::RecordHeader& header, const Phase& phase) {
  const bool may_be_protected = header.type == application_data && (phase.has_keys || phase.skips_early_data);
  if (!is_known(header.type)) add_in_record(Rule::record_type_unknown, phase, "type");
  if (header.version < ssl3_code)
    add_in_record(Rule::record_version_old, phase, "legacy_record_version");
  else if (phase.version == ProtocolVersion::tls12 && header.version != tls12_code)
    add_in_record(Rule::record_version_agreed, phase, "version");
  else if (phase.has_keys && header.version != tls12_code)
    add_in_record(Rule::record_version_with_keys, phase, "legacy_record_version");
  else if (header.version >> 8 > 3)
    add_in_record(Rule::record_version_high, phase, "legacy_record_version");
  if (header.length_bytes > (may_be_protected ? ciphertext_bytes_max : plaintext_bytes_max))
    add_in_record(may_be_protected ? Rule::record_overflow_protected : Rule::record_overflow, phase, "length");
  else if (header.length_bytes > phase.fragment_bytes_max && !may_be_protected)
    add_in_record(Rule::record_longer_than_agreed, phase, "length");
  if (header.type == application_data && !may_be_protected) add_in_record(Rule::application_data_unprotected, phase);
  if (header.type == handshake && phase.has_keys) add_in_record(Rule::record_unprotected, phase);
  if (header.type == change_cipher_spec && phase.change_cipher_spec == ChangeCipherSpec::misplaced)
    add_in_record(phase.change_cipher_spec_misplaced, phase);
}

Records::Took Records::see_content(const dissect::RecordView& record, const Phase& phase) {
  switch (record.type) {
    case handshake:
      if (phase.has_keys) break;
      if (record.fragment.empty()) add_in_record(Rule::handshake_record_empty, phase, "length");
      pieces_.push_back({stream_.size(), record_offset_ + dissect::RecordHeader::size_bytes});
      append(stream_, record.fragment);
      break;
    case alert:
      see_alert(record.fragment, phase);
      break;
    case change_cipher_spec:
      return see_change_cipher_spec(record.fragment, phase);
    case application_data:
      if (phase.has_keys)
        stop_unread();
      else if (phase.skips_early_data)
        see_early_data(record.fragment, phase);
      break;
  }
  return Took::record;
}

void Records::see_early_data(ByteView content, const Phase& phase) {
  early_bytes_ += content.size();
  if (early_bytes_ > early_data_bytes_max && content.size() <= ciphertext_bytes_max)
    add_in_record(Rule::early_data_long, phase);
  // RFC 9846 4.3.10 wants all records of this type skipped, 5.1 none between fragments.
  if (!is_at_end_of_record()) {
    add_in_record(Rule::messages_interleaved, phase);
    reading_.faults.back().may_pass = true;
  }
}

Records::Took Records::see_change_cipher_spec(ByteView content, const Phase& phase) {
  if (phase.change_cipher_spec == ChangeCipherSpec::misplaced) return Took::record;
  const bool is_well_formed = content.size() == 1 && content[0] == 1;
  if (phase.change_cipher_spec == ChangeCipherSpec::awaited) {
    if (!is_well_formed) add_in_record(Rule::change_cipher_spec_form, phase);
    if (!is_at_end_of_record()) stop_unread();  // a message would go on under other keys
    return is_well_formed ? Took::change_cipher_spec : Took::record;
  }
  if (content.size() != 1)
    add_in_record(Rule::change_cipher_spec_length, phase, "length");
  else if (!is_well_formed)
    add_in_record(Rule::change_cipher_spec_value, phase, "type");
  else if (!is_at_end_of_record())
    add_in_record(Rule::change_cipher_spec_interleaved, phase);
  else
    add_in_record(Rule::change_cipher_spec_passed_over, phase);
  if (++change_cipher_specs_ > change_cipher_specs_max)
    rename(Rule::change_cipher_spec_passed_over, Rule::change_cipher_spec_repeated);
  return Took::record;
}

void Records::see_alert(ByteView content, const Phase& phase) {
  if (!is_at_end_of_record()) {
    add_in_record(Rule::messages_interleaved, phase);
    if (is_binding(reading_.faults.back(), reading_)) return;
  }
  if (content.size() == 2) return see_alert(content[0], content[1], phase);
  if (content.empty()) return add_in_record(Rule::alert_record_empty, phase, "length");
  add_in_record(content.size() < 2 ? Rule::alert_cut : Rule::alert_coalesced, phase, "length");
  // RFC 5246 6.2.1 allows both: what a stack makes of the bytes depends on what it keeps.
  if (!is_binding(reading_.faults.back(), reading_)) stop_unread();
}

void Records::see_alert(std::uint8_t level, std::uint8_t description, const Phase& phase) {
  const bool is_tls12 = phase.version == ProtocolVersion::tls12, is_tls13 = phase.version == ProtocolVersion::tls13;
  const bool is_announcement = description == user_canceled;
  if (phase.has_keys)
    return is_announcement ? add_warning(Rule::user_canceled_unprotected, phase)
                           : add_in_record(Rule::alert_unprotected, phase);
  const bool is_defined = level == warning || level == fatal;
  if (!is_defined && !is_tls13) {
    add_in_record(Rule::alert_level, phase, "Alert.level");
    // Where TLS 1.3 may be chosen its level may be ignored.
    if (is_announcement && !is_tls12) reading_.faults.back().may_pass = true;
  }
  if (description == close_notify) return add_in_record(Rule::close_notify, phase);
  if (is_announcement && !(is_tls12 && level == fatal)) return add_warning(Rule::user_canceled, phase);
  if (is_announcement) return add_in_record(Rule::user_canceled_fatal, phase);
  if (level == fatal) return add_in_record(Rule::alert_fatal, phase);
  if (!is_defined && is_tls13) return add_in_record(Rule::alert_of_unknown_level, phase, "Alert.level");
  if (!is_defined) return;
  if (is_tls12) return add_warning(Rule::alert_warning, phase);
  add_warning(is_error_alert(description) ? Rule::error_alert : Rule::error_alert_unknown, phase);
}

// That a stack may pass over.
void Records::add_warning(Rule rule, const Phase& phase) {
  add_in_record(rule, phase, "Alert");
  if (++warnings_ > warnings_max) rename(rule, Rule::alerts_repeated);
}

// A rule that is broken by each of several records together, and is weaker than that which each breaks by itself.
void Records::rename(Rule each, Rule together) {
  for (Fault& fault : reading_.faults)
    if (fault.rule == each) fault.rule = together;
}

}  // namespace tocsin::rules
