#include "core/record/header.h"

namespace tocsin::record {
namespace {

bool is_known(std::uint8_t type) {
  return type >= static_cast<std::uint8_t>(ContentType::change_cipher_spec) &&
         type <= static_cast<std::uint8_t>(ContentType::application_data);
}

}  // namespace

Result<Header> parse_header(std::span<const std::uint8_t, header_bytes> bytes, std::size_t fragment_bytes_max) {
  // The type goes first: an unexpected type MUST give unexpected_message (RFC 9846 5), and a peer that speaks another protocol
  // altogether shows it there.
  //= RFC 9846 5 //# it MUST terminate the connection with an "unexpected_message" alert.
  //= RFC 9846 E.5 //# Implementations MUST NOT negotiate TLS 1.3 or later using an SSL version 2.0 compatible
  if (!is_known(bytes[0])) return Fatal{Reason::record_type_unknown};
  // legacy_record_version MUST be ignored (RFC 9846 5.1), but nothing older than SSL 3.0 is taken (E.5).
  //= RFC 9846 5.1 //# This field is deprecated and MUST be ignored for all purposes.
  //= RFC 9846 E //# The value of TLSPlaintext.legacy_record_version MUST be ignored by all implementations.
  //= RFC 9846 E.2 //# but its value MUST always be ignored.
  if (bytes[1] < 3) return Fatal{Reason::record_version_wrong};
  const auto length_bytes = static_cast<std::size_t>(bytes[3] << 8 | bytes[4]);
  //= RFC 9846 5.1 //# that receives a record that exceeds this length MUST terminate the connection with a
  //= RFC 9846 5.2 //# that receives a record that exceeds this length MUST terminate the connection with a
  //= RFC 9846 5.2 //# An endpoint that receives a record from its peer with TLSCiphertext.length larger than 2^14 + 256 octets MUST terminate the connection with a "record_overflow" alert.
  if (length_bytes > fragment_bytes_max) return Fatal{Reason::record_overflow};
  return Header{static_cast<ContentType>(bytes[0]), static_cast<std::uint16_t>(bytes[1] << 8 | bytes[2]), length_bytes};
}

std::array<std::uint8_t, header_bytes> make_header(ContentType type, std::uint16_t legacy_record_version,
                                                   std::size_t length_bytes) {
  return {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(legacy_record_version >> 8),
          static_cast<std::uint8_t>(legacy_record_version), static_cast<std::uint8_t>(length_bytes >> 8),
          static_cast<std::uint8_t>(length_bytes)};
}

}  // namespace tocsin::record
