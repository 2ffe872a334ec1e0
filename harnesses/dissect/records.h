#pragma once
// The framing of TLS and DTLS as an outsider reads it, without the core's decoders: records, handshake messages, fragments. The
// only such reader above the core. Everything points into the bytes that were read.
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/types.h"
#include "tocsin/bytes.h"

namespace tocsin::dissect {

/// The header of a TLS record (RFC 9846 section 5.1), with any values.
struct RecordHeader {
  static constexpr std::size_t size_bytes = 5;
  ContentType type;
  std::uint16_t version;
  std::size_t length_bytes;  // of the fragment
};
/// Nothing if the bytes are too few for a header.
std::optional<RecordHeader> read_record_header(ByteView bytes);

struct RecordView : RecordHeader {
  ByteView fragment;  // may be protected
  ByteView bytes;     // with the header

  /// In plaintext, an alert in a record of its own: its level and its description.
  bool holds_two_byte_alert() const { return type == ContentType::alert && fragment.size() == 2; }
};
/// Takes the first record off the bytes; nothing if they hold no whole one.
std::optional<RecordView> take_record(ByteView& bytes);

/// Takes bytes in any pieces and gives records.
class RecordStream {
 public:
  void add(ByteView bytes) { append(unread_, bytes); }
  /// Calls see(record) for each whole record that came since the last call.
  template <class See>
  void each(See&& see) {
    ByteView rest = unread_;
    while (const auto record = take_record(rest)) see(*record);
    unread_.erase(unread_.begin(), unread_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }

 private:
  Bytes unread_;  // of a record that is not yet whole
};

/// A handshake message (RFC 9846 section 4).
struct MessageView {
  static constexpr std::size_t header_bytes = 4;
  HandshakeType type;
  ByteView body;
  ByteView bytes;  // with the header
};
/// Takes the first message off the content of handshake records; nothing if that holds no whole one.
std::optional<MessageView> take_message(ByteView& content);

/// The header of a DTLS record (RFC 6347 section 4.1), with any values, and as much of its fragment as the datagram holds.
struct DtlsRecordView {
  static constexpr std::size_t header_bytes = 13;  // without a connection id
  static constexpr ContentType tls12_cid{25};      // RFC 9146 4
  ContentType type;
  std::uint16_t version, epoch;
  std::uint64_t sequence;    // of 48 bits
  std::size_t length_bytes;  // of the fragment, as the header says
  ByteView fragment;
  ByteView connection_id{};

  bool is_whole() const { return fragment.size() == length_bytes; }
};
/// Takes the first record off a datagram; nothing if what is left is too short for a header. connection_id_bytes: of those that
/// stand in records of type tls12_cid, which do not say how long they are.
std::optional<DtlsRecordView> take_dtls_record(ByteView& datagram, std::size_t connection_id_bytes = 0);

/// A fragment of a handshake message (RFC 6347 section 4.2.2), with any values.
struct FragmentView {
  bool is_header_whole = true;  // if not, nothing else is known
  HandshakeType type{};
  std::uint32_t length_bytes = 0, offset_bytes = 0, fragment_bytes = 0;  // as the header says
  std::uint16_t message_seq = 0;
  ByteView body{};  // as much of it as there is

  bool is_whole() const { return body.size() == fragment_bytes; }
  bool is_whole_message() const { return is_header_whole && is_whole() && offset_bytes == 0 && fragment_bytes == length_bytes; }
};
/// The fragments in a handshake record; the last may be cut off. None of other records.
std::vector<FragmentView> fragments_of(const DtlsRecordView& record);

}  // namespace tocsin::dissect
