#include "harnesses/link/datagram_text.h"

#include "core/base/reader.h"

namespace tocsin::link {
namespace {

constexpr std::uint8_t type_handshake = 22, type_alert = 21;
constexpr std::size_t record_header_bytes = 13;

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

std::string messages_text(ByteView fragment) {
  std::string text;
  for (Reader reader(fragment); !reader.empty();) {
    const std::uint8_t type = reader.u8();
    const std::uint32_t length_bytes = reader.u24();
    const std::uint16_t message_seq = reader.u16();
    const std::uint32_t offset = reader.u24();
    const std::uint32_t fragment_bytes = reader.u24();
    reader.take(fragment_bytes);
    text += text.empty() ? ": " : "; ";
    if (reader.failed()) return text + "not a whole fragment";
    text += message_name(type) + ' ' + std::to_string(message_seq) + ", ";
    if (fragment_bytes != length_bytes) text += std::to_string(offset) + '+' + std::to_string(fragment_bytes) + " of ";
    text += std::to_string(length_bytes) + " bytes";
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

// A record with a connection id does not tell how long that is (RFC 9146 4): its length cannot be found from outside.
std::string record_text(Reader& reader) {
  const std::size_t left_bytes = reader.size();
  const std::uint8_t type = reader.u8();
  reader.u16();
  const std::uint16_t epoch = reader.u16();
  const std::uint64_t sequence_number_high = reader.u16();
  const std::uint64_t sequence_number = sequence_number_high << 32 | reader.u32();
  if (reader.failed()) return std::to_string(left_bytes) + " bytes that are no record";
  const std::string head = content_type_name(type) + ' ' + std::to_string(epoch) + ':' + std::to_string(sequence_number) + ' ';
  constexpr std::uint8_t type_tls12_cid = 25;
  if (type == type_tls12_cid)
    return head + "in the " + std::to_string(reader.take(reader.size()).size()) + " bytes that are left";
  const std::size_t length_bytes = reader.u16();
  const std::size_t there_bytes = reader.size();
  const ByteView fragment = reader.take(length_bytes);
  if (reader.failed())
    return left_bytes < record_header_bytes
               ? std::to_string(left_bytes) + " bytes that are no record"
               : head + std::to_string(length_bytes) + ", only " + std::to_string(there_bytes) + " there";
  std::string text = head + std::to_string(length_bytes);
  if (epoch == 0 && type == type_handshake) text += messages_text(fragment);
  if (epoch == 0 && type == type_alert) text += alert_text(fragment);
  return text;
}

}  // namespace

std::vector<std::string> lines_of(ByteView datagram) {
  std::vector<std::string> lines;
  Reader reader(datagram);
  do {
    lines.push_back(reader.empty() ? "empty" : record_text(reader));
  } while (!reader.empty());
  return lines;
}

}  // namespace tocsin::link
