#pragma once
// TLS records as an outsider sees them: five bytes of header, and a fragment that may be protected.
#include <cstdint>
#include <optional>

#include "tocsin/bytes.h"

namespace tocsin::peers {

struct RecordSeen {
  std::uint8_t type;
  std::uint16_t version;
  ByteView fragment;
};

/// Takes the first record off the bytes; nothing if they hold no whole one.
inline std::optional<RecordSeen> take_record(ByteView& bytes) {
  constexpr std::size_t header_bytes = 5;
  if (bytes.size() < header_bytes) return std::nullopt;
  const std::size_t fragment_bytes = static_cast<std::size_t>(bytes[3] << 8 | bytes[4]);
  if (bytes.size() - header_bytes < fragment_bytes) return std::nullopt;
  const RecordSeen record{bytes[0], static_cast<std::uint16_t>(bytes[1] << 8 | bytes[2]),
                          bytes.subspan(header_bytes, fragment_bytes)};
  bytes = bytes.subspan(header_bytes + fragment_bytes);
  return record;
}

}  // namespace tocsin::peers
