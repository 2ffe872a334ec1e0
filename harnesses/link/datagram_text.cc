#include "harnesses/link/datagram_text.h"

#include "harnesses/dissect/records.h"

namespace tocsin::link {
namespace {

// A record with a connection id does not say how long the id is (RFC 9146 4): its end cannot be found from outside.
constexpr ContentType tls12_cid{25};
constexpr std::size_t bytes_before_connection_id = 11;

std::string number_or(const char* name, std::uint8_t code, const char* what) {
  return name != nullptr ? name : what + std::to_string(code);
}

std::string content_type_name(std::uint8_t type) {
  static constexpr const char* names[] = {"change_cipher_spec", "alert",     "handshake",
                                          "application_data",   "heartbeat", "tls12_cid"};
  return number_or(type >= 20 && type < 26 ? names[type - 20] : nullptr, type, "type ");
}

std::string message_name(std::uint8_t type) {
  static constexpr const char* names[] = {"hello_request",
                                          "client_hello",
                                          "server_hello",
                                          "hello_verify_request",
                                          "new_session_ticket",
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          "certificate",
                                          "server_key_exchange",
                                          "certificate_request",
                                          "server_hello_done",
                                          "certificate_verify",
                                          "client_key_exchange",
                                          nullptr,
                                          nullptr,
                                          nullptr,
                                          "finished"};
  return number_or(type < std::size(names) ? names[type] : nullptr, type, "message ");
}

std::string messages_text(const dissect::DtlsRecordView& record) {
  std::string text;
  for (const dissect::FragmentView& fragment : dissect::fragments_of(record)) {
    text += text.empty() ? ": " : "; ";
    if (!fragment.is_header_whole || !fragment.is_whole()) return text + "not a whole fragment";
    text += message_name(static_cast<std::uint8_t>(fragment.type)) + ' ' + std::to_string(fragment.message_seq) + ", ";
    if (fragment.fragment_bytes != fragment.length_bytes)
      text += std::to_string(fragment.offset_bytes) + '+' + std::to_string(fragment.fragment_bytes) + " of ";
    text += std::to_string(fragment.length_bytes) + " bytes";
  }
  return text;
}

std::string alert_text(ByteView fragment) {
  if (fragment.size() != 2) return "";
  return std::string(": ") +
         (fragment[0] == 1   ? "warning "
          : fragment[0] == 2 ? "fatal "
                             : "level ? ") +
         std::to_string(fragment[1]);
}

std::string record_text(ByteView& datagram) {
  const std::size_t left_bytes = datagram.size();
  const auto record = dissect::take_dtls_record(datagram);
  if (!record) {
    datagram = {};
    return std::to_string(left_bytes) + " bytes that are no record";
  }
  const std::string head = content_type_name(static_cast<std::uint8_t>(record->type)) + ' ' + std::to_string(record->epoch) +
                           ':' + std::to_string(record->sequence) + ' ';
  if (record->type == tls12_cid) {
    datagram = {};
    return head + "in the " + std::to_string(left_bytes - bytes_before_connection_id) + " bytes that are left";
  }
  std::string text = head + std::to_string(record->length_bytes);
  if (!record->is_whole()) return text + ", only " + std::to_string(record->fragment.size()) + " there";
  if (record->epoch == 0) text += messages_text(*record);
  if (record->epoch == 0 && record->type == ContentType::alert) text += alert_text(record->fragment);
  return text;
}

}  // namespace

std::vector<std::string> lines_of(ByteView datagram) {
  if (datagram.empty()) return {"empty"};
  std::vector<std::string> lines;
  while (!datagram.empty()) lines.push_back(record_text(datagram));
  return lines;
}

}  // namespace tocsin::link
