#pragma once
// The five bytes before every TLS record (RFC 8446 section 5.1).
#include <array>
#include <cstddef>

#include "core/base/types.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::record {

constexpr std::size_t header_bytes = 5;
constexpr std::size_t plaintext_bytes_max = 1u << 14;
constexpr std::size_t ciphertext_bytes_max = plaintext_bytes_max + 256;

struct Header {
  ContentType type;
  std::uint16_t legacy_record_version;
  std::size_t length_bytes;  // of the fragment
};

/// bytes: exactly header_bytes. fragment_bytes_max: plaintext_bytes_max, or ciphertext_bytes_max once records are protected.
/// Reasons: record_type_unknown, record_version_wrong (the major version is not 3), record_overflow.
Result<Header> parse_header(std::span<const std::uint8_t, header_bytes> bytes, std::size_t fragment_bytes_max);
std::array<std::uint8_t, header_bytes> make_header(ContentType type, std::uint16_t legacy_record_version,
                                                   std::size_t length_bytes);

}  // namespace tocsin::record
