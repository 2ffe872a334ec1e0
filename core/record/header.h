#pragma once
// The five bytes before every TLS record (RFC 9846 section 5.1).
#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/types.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::record {

constexpr std::size_t header_bytes = 5;
constexpr std::size_t plaintext_bytes_max = 1u << 14;
//= RFC 9846 5.2 //# The length MUST NOT exceed 2^14 + 256 bytes.
//= RFC 9846 5.2 //# An AEAD algorithm used in TLS 1.3 MUST NOT produce an expansion greater than 255 octets.
constexpr std::size_t ciphertext_bytes_max = plaintext_bytes_max + 256;

struct Header {
  ContentType type;
  std::uint16_t legacy_record_version;
  std::size_t length_bytes;  // of the fragment
};

/// bytes: exactly header_bytes. fragment_bytes_max: plaintext_bytes_max, or ciphertext_bytes_max once records are protected.
/// Reasons: record_type_unknown, record_version_wrong (older than SSL 3.0), record_overflow.
Result<Header> parse_header(std::span<const std::uint8_t, header_bytes> bytes, std::size_t fragment_bytes_max);
std::array<std::uint8_t, header_bytes> make_header(ContentType type, std::uint16_t legacy_record_version,
                                                   std::size_t length_bytes);

/// How many zeros take content and a type byte to whole blocks, as far as content and zeros together may be content_bytes_max
/// (RFC 9846 5.4, RFC 9146 4). block_bytes 0: none.
constexpr std::size_t zeros_to_block(std::size_t content_bytes, std::size_t block_bytes, std::size_t content_bytes_max) {
  if (block_bytes == 0 || content_bytes >= content_bytes_max) return 0;
  const std::size_t past_block = (content_bytes + 1) % block_bytes;
  return std::min(past_block == 0 ? 0 : block_bytes - past_block, content_bytes_max - content_bytes);
}

}  // namespace tocsin::record
