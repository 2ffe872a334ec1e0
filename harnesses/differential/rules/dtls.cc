#include "harnesses/differential/rules/dtls.h"

#include <algorithm>

#include "harnesses/differential/rules/codes.h"
#include "harnesses/differential/rules/fields.h"
#include "harnesses/dissect/dissect.h"
#include "harnesses/dissect/records.h"

namespace tocsin::rules {
namespace {

using dissect::DtlsRecordView;
using dissect::FragmentView;
using dissect::Node;

// content_type (RFC 6347 4.1, RFC 6520 3, RFC 9146 4, RFC 9147 4.1)
enum : std::uint8_t { change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23, heartbeat = 24, ack = 26 };
constexpr std::uint8_t messages_of_servers[] = {0, 2, 3, 4, 12, 13, 14, 22}, messages_of_later_flights[] = {11, 15, 16, 20, 21};
constexpr std::uint16_t dtls12 = 0xfefd, dtls10 = 0xfeff;
constexpr std::uint16_t next_message_seq = 2;  // amid a handshake that began with a cookie
constexpr std::size_t plaintext_bytes_max = 1u << 14, ciphertext_bytes_max = plaintext_bytes_max + 2048;

// DTLSCiphertext of RFC 9147 4: its first three bits are 001.
bool is_of_dtls13(std::uint8_t type) { return type >> 5 == 1; }

class Reader {
 public:
  Reader(ByteView datagram, std::size_t connection_id_bytes, Situation situation)
      : datagram_(datagram), rest_(datagram), id_bytes_(connection_id_bytes), listens_(situation == Situation::listening) {}

  std::optional<Reading> read() && {
    if (datagram_.empty()) add(Rule::datagram_empty, "UDP.datagram", 0);
    reading_.records = datagram_.empty() ? 1 : 0;
    while (!rest_.empty() && is_sure_ && reading_.is_read_to_end) {
      ++reading_.records;
      at_ = datagram_.size() - rest_.size();
      read_record();
    }
    if (!is_sure_) return std::nullopt;
    return std::move(reading_);
  }

 private:
  // offset: in the record.
  void add(Rule rule, std::string path, std::size_t offset) {
    Fault& fault = reading_.faults.emplace_back(Fault{rule, std::move(path), at_ + offset});
    fault.record = reading_.records == 0 ? 0 : reading_.records - 1;
  }

  // Behind a header that says nothing a stack may look for the next record, or not.
  void end_here() {
    reading_.is_read_to_end = rest_.empty();
    rest_ = {};
  }

  void read_record() {
    const auto record = dissect::take_dtls_record(rest_, id_bytes_);
    if (is_of_dtls13(datagram_[at_]) ||
        (datagram_[at_] == static_cast<std::uint8_t>(DtlsRecordView::tls12_cid) && id_bytes_ == 0)) {
      add(is_of_dtls13(datagram_[at_]) ? Rule::record_of_dtls13 : Rule::connection_id_not_agreed_on, "DTLSCiphertext.type", 0);
      rest_ = {};  // nobody knows how long it is
      return;
    }
    if (!record) {
      add(Rule::record_header_cut, "DTLSPlaintext", 0);
      rest_ = {};
      return;
    }
    const std::size_t faults_before = reading_.faults.size();
    judge_header(*record);
    const std::size_t faults = reading_.faults.size() - faults_before;
    // Whoever takes that version looks into the record.
    const bool is_of_other_version = faults == 1 && reading_.faults.back().rule == Rule::record_version_unknown;
    if (faults != 0 && !is_of_other_version) return end_here();
    if (record->epoch != 0)
      judge_protected(*record);
    else
      judge_plaintext(*record);
    if (is_of_other_version) end_here();
  }

  void judge_header(const DtlsRecordView& record) {
    const auto type = static_cast<std::uint8_t>(record.type);
    if (type == heartbeat)
      add(Rule::record_of_heartbeat, "DTLSPlaintext.type", 0);
    else if (type == ack)
      add(Rule::acknowledgement_of_dtls13, "DTLSPlaintext.type", 0);
    else if (record.type != DtlsRecordView::tls12_cid && (type < change_cipher_spec || type > application_data))
      add(Rule::dtls_record_type_unknown, "DTLSPlaintext.type", 0);
    if (record.version >> 8 != 254)
      add(Rule::record_version_not_of_dtls, "DTLSPlaintext.version", 1);
    else if (record.version != dtls12 && record.version != dtls10)
      add(Rule::record_version_unknown, "DTLSPlaintext.version", 1);
    if (record.type == DtlsRecordView::tls12_cid && record.epoch == 0)
      add(Rule::connection_id_unprotected, "DTLSCiphertext.epoch", 3);
    const std::size_t length_at = DtlsRecordView::header_bytes - 2 + record.connection_id.size();
    if (record.epoch == 0 && record.length_bytes > plaintext_bytes_max)
      add(Rule::record_too_long, "DTLSPlaintext.length", length_at);
    if (record.epoch != 0 && record.length_bytes > ciphertext_bytes_max)
      add(Rule::record_too_long_protected, "DTLSCiphertext.length", length_at);
    if (!record.is_whole()) add(Rule::record_cut, "DTLSPlaintext.fragment", length_at + 2);
  }

  void judge_protected(const DtlsRecordView& record) {
    const auto rule = [&] {
      switch (static_cast<std::uint8_t>(record.type)) {
        case change_cipher_spec:
          return Rule::change_cipher_spec_of_another_epoch;
        case alert:
          return Rule::alert_of_another_epoch;
        case handshake:
          return Rule::message_of_another_epoch;
        case application_data:
          return Rule::data_of_another_epoch;
        default:
          return Rule::connection_id_unknown;
      }
    };
    add(rule(), "DTLSCiphertext.epoch", 3);
  }

  void judge_plaintext(const DtlsRecordView& record) {
    const ByteView content = record.fragment;
    const auto add_content = [&](Rule rule) { add(rule, "DTLSPlaintext.fragment", DtlsRecordView::header_bytes); };
    switch (static_cast<std::uint8_t>(record.type)) {
      case change_cipher_spec:
        if (content.empty()) return add_content(Rule::change_cipher_spec_record_empty);
        if (content.size() != 1 || content[0] != 1) return add_content(Rule::dtls_change_cipher_spec_value);
        return add_content(listens_ ? Rule::dtls_change_cipher_spec_before_hello : Rule::dtls_change_cipher_spec_early);
      case alert:
        if (content.empty()) return add_content(Rule::dtls_alert_record_empty);
        if (content.size() != 2) return add_content(Rule::alert_size);
        return add_content(listens_ ? Rule::alert_before_hello : Rule::alert_amid_handshake);
      case application_data:
        return add_content(listens_ ? Rule::data_before_hello : Rule::data_amid_handshake);
      default:
        return content.empty() ? add_content(Rule::dtls_handshake_record_empty) : judge_messages(dissect::fragments_of(record));
    }
  }

  void add_of_fragment(Rule rule, std::string_view field, std::size_t offset) {
    add(rule, "Handshake." + std::string(field), DtlsRecordView::header_bytes + offset);
  }

  void judge_messages(const std::vector<FragmentView>& fragments) {
    const FragmentView& first = fragments[0];
    const auto is_hello = [](const FragmentView& one) {
      return one.is_header_whole && static_cast<std::uint8_t>(one.type) == client_hello;
    };
    // Whether a hello behind something else is answered, no clause says; nor what becomes of many messages amid a handshake.
    is_sure_ = listens_ ? is_hello(first) || std::none_of(fragments.begin(), fragments.end(), is_hello) : fragments.size() == 1;
    if (!first.is_header_whole) return add_of_fragment(Rule::fragment_header_cut, "header", 0);
    if (!is_hello(first) && listens_) add_of_type(static_cast<std::uint8_t>(first.type));
    if (!first.is_whole()) add_of_fragment(Rule::fragment_cut, "fragment_length", 9);
    if (first.offset_bytes + first.fragment_bytes > first.length_bytes)
      return add_of_fragment(Rule::fragment_beyond_message, "fragment_offset", 6);
    if (!first.is_whole()) return;
    if (!is_hello(first)) return listens_ ? void() : judge_later_message(first);
    // It may be a copy of the one that the handshake began with.
    if (!listens_ && first.message_seq == next_message_seq - 1) add_of_fragment(Rule::message_of_the_past, "message_seq", 4);
    if (first.is_whole_message()) return judge_hello(first, fragments.size() > 1);
    if (first.fragment_bytes == 0) return add_of_fragment(Rule::fragment_empty, "fragment_length", 9);
    add_of_fragment(first.offset_bytes == 0 ? Rule::hello_fragment_first : Rule::hello_fragment_later, "fragment_offset", 6);
  }

  void add_of_type(std::uint8_t type) {
    if (std::ranges::find(messages_of_servers, type) != std::end(messages_of_servers))
      add_of_fragment(Rule::message_of_a_server, "msg_type", 0);
    else if (std::ranges::find(messages_of_later_flights, type) != std::end(messages_of_later_flights))
      add_of_fragment(Rule::message_of_a_later_flight, "msg_type", 0);
    else
      add_of_fragment(Rule::dtls_message_type_unknown, "msg_type", 0);
  }

  // Amid a handshake. Part of the message that is due, or all of it, is not judged here.
  void judge_later_message(const FragmentView& fragment) {
    if (fragment.message_seq < next_message_seq) return add_of_fragment(Rule::message_of_the_past, "message_seq", 4);
    if (fragment.fragment_bytes == 0 && fragment.length_bytes != 0) add_of_fragment(Rule::fragment_empty, "fragment_length", 9);
    if (fragment.message_seq > next_message_seq) return add_of_fragment(Rule::message_ahead, "message_seq", 4);
    is_sure_ = fragment.is_whole_message() && static_cast<std::uint8_t>(fragment.type) != client_key_exchange;
    if (is_sure_) add_of_fragment(Rule::message_unexpected, "msg_type", 0);
  }

  void judge_hello(const FragmentView& hello, bool has_more_behind) {
    if (hello.message_seq != 0) add_of_fragment(Rule::hello_message_seq, "message_seq", 4);
    if (has_more_behind) add_of_fragment(Rule::message_behind_hello, "body", 12);
    if (has_hello_) add_of_fragment(Rule::hello_repeated, "msg_type", 0);
    has_hello_ = true;
    const Node node = dissect::read_dtls_client_hello(hello.body);
    for (const dissect::Fault& fault : dissect::faults_of(node.fields)) add_of_hello(rule_of(fault), *fault.node, fault.path);
    const Node* version = field_of(&node, "client_version");
    if (version->number && (*version->number >> 8 != 254 || *version->number > dtls12))
      add_of_hello(Rule::hello_version_old, *version, "client_version");
    if (const Node* cookie = field_of(&node, "cookie"); cookie != nullptr && cookie->fields[0].number.value_or(0) != 0)
      add_of_hello(Rule::hello_cookie_invalid, *cookie, "cookie");
    judge_extensions(field_of(&node, "extensions"), hello.body);
  }

  void add_of_hello(Rule rule, const Node& where, std::string_view path) {
    constexpr std::size_t fragment_header_bytes = 12;
    add(rule, "ClientHello." + std::string(path), DtlsRecordView::header_bytes + fragment_header_bytes + where.offset);
  }

  static Rule rule_of(const dissect::Fault& fault) {
    const std::string_view path = fault.path;
    const bool is_empty = fault.node->number == 0u;
    if (path.starts_with("cipher_suites"))
      return path.ends_with("length") && is_empty ? Rule::hello_cipher_suites_empty : Rule::hello_cipher_suites_syntax;
    if (path.starts_with("compression_methods"))
      return path.ends_with("length") && is_empty ? Rule::hello_compression_methods_empty
                                                  : Rule::hello_compression_methods_syntax;
    if (path == "extensions.length" || path == "left over") return Rule::hello_extensions_length;
    if (path.starts_with("extensions."))
      return fault.node->fault.find("stood before") != std::string::npos ? Rule::hello_extension_repeated
                                                                         : Rule::hello_extension_syntax;
    return path == "session_id.length" && fault.node->number.value_or(0) > 32 ? Rule::hello_session_id_length : Rule::hello_cut;
  }

  // What the dissector leaves open: over a stream a connection id means nothing, and how many binders there are it does not
  // say.
  void judge_extensions(const Node* block, ByteView body) {
    if (block == nullptr) return;
    for (const Node& extension : block->fields) {
      if (extension.name != "Extension" || extension.fields.empty()) continue;
      if (extension.fields[0].number == std::uint64_t{connection_id}) judge_connection_id(extension, body);
      if (extension.fields[0].number == std::uint64_t{pre_shared_key} &&
          numbers_in(&extension, "obfuscated_ticket_age").size() != binders_in(extension))
        add_of_hello(Rule::hello_extension_syntax, extension, "extensions.pre_shared_key");
      if (extension.fields[0].number == std::uint64_t{server_name}) judge_server_name(extension);
    }
  }
  void judge_connection_id(const Node& extension, ByteView body) {
    constexpr std::size_t type_and_length_bytes = 4;
    const ByteView data = body.subspan(extension.offset, extension.size_bytes);
    if (data.size() > type_and_length_bytes && data.size() - type_and_length_bytes == 1u + data[type_and_length_bytes]) return;
    add_of_hello(Rule::hello_connection_id_syntax, extension, "extensions.connection_id");
  }
  // RFC 6066 3: one name of each type.
  void judge_server_name(const Node& extension) {
    Numbers types = numbers_in(&extension, "name_type");
    std::ranges::sort(types);
    if (std::ranges::adjacent_find(types) != types.end())
      add_of_hello(Rule::hello_extension_syntax, extension, "extensions.server_name");
  }
  static std::size_t binders_in(const Node& extension) {
    const Node* binders = field_of(&extension, "binders");
    if (binders == nullptr) return 0;
    return static_cast<std::size_t>(std::ranges::count(binders->fields, "PskBinderEntry", &Node::name));
  }

  ByteView datagram_, rest_;
  std::size_t id_bytes_, at_ = 0;  // where the record begins that is read
  bool listens_;
  bool is_sure_ = true;
  bool has_hello_ = false;  // before, in this datagram
  Reading reading_;
};

}  // namespace

std::optional<Reading> read_datagram(ByteView datagram, std::size_t connection_id_bytes, Situation situation) {
  return Reader(datagram, connection_id_bytes, situation).read();
}

std::optional<Deviation> judge_records(const Reading& reading, const std::vector<RecordConduct>& records,
                                       std::string_view stack) {
  const auto deviation = [&](Tier tier, const std::string& what) {
    return std::optional<Deviation>{{tier, std::string(stack) + " " + what}};
  };
  for (std::size_t i = 0; i < std::max(records.size(), reading.records); ++i) {
    const RecordConduct conduct = i < records.size() ? records[i] : RecordConduct{};
    if (i >= reading.records && reading.is_read_to_end) return deviation(Tier::stuck, "tells of more records than there are");
    if (i >= reading.records) return std::nullopt;
    const Due due = due_of_record(reading, i);
    if (conduct.is_answered && due == Due::silence)
      return deviation(Tier::safety, "answers a record that is to be discarded, by " + rules_of(reading, i));
    if (!conduct.is_answered && due == Due::answer) return deviation(Tier::none, "does not answer a sound ClientHello");
    if (!conduct.discarded) continue;
    const bool is_called_so = std::any_of(reading.faults.begin(), reading.faults.end(), [&](const Fault& fault) {
      return fault.record == i && row_of(fault.rule).discards.test(static_cast<std::size_t>(*conduct.discarded));
    });
    if (!is_called_so)
      return deviation(Tier::single,
                       "calls a discard " + std::string(name_of(*conduct.discarded)) + "; it breaks " + rules_of(reading, i));
  }
  return std::nullopt;
}

std::optional<Deviation> judge_names(const Reading& reading, const std::vector<RecordConduct>& records,
                                     std::string_view stack) {
  for (const RecordConduct& record : records) {
    if (!record.discarded || !reading.is_read_to_end) continue;
    const bool is_called_so = std::any_of(reading.faults.begin(), reading.faults.end(), [&](const Fault& fault) {
      return row_of(fault.rule).discards.test(static_cast<std::size_t>(*record.discarded));
    });
    if (!is_called_so)
      return Deviation{Tier::single, std::string(stack) + " calls a discard " + std::string(name_of(*record.discarded))};
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_answer(ByteView answer, ByteView datagram) {
  if (answer.size() > datagram.size()) return "it is longer than what it answers";
  ByteView rest = answer;
  const auto record = dissect::take_dtls_record(rest);
  if (!record || !record->is_whole() || !rest.empty()) return "it is not one record";
  const auto fragments = dissect::fragments_of(*record);
  if (fragments.size() != 1 || !fragments[0].is_whole_message() ||
      static_cast<std::uint8_t>(fragments[0].type) != hello_verify_request)
    return "it is not one HelloVerifyRequest";
  const ByteView body = fragments[0].body;
  constexpr std::size_t version_and_length_bytes = 3;
  if (body.size() < version_and_length_bytes || body.size() != version_and_length_bytes + body[2]) return "it is malformed";
  for (rest = datagram; const auto asked = dissect::take_dtls_record(rest);)
    if (asked->epoch == 0 && record->epoch == 0 && asked->sequence == record->sequence) return std::nullopt;
  return "its record has not the number of the ClientHello's";
}

}  // namespace tocsin::rules
