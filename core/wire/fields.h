#pragma once
// What several messages have in common: the header, and fields that are read and written alike. For the files of this floor.
#include <algorithm>

#include "core/wire/client_hello.h"

namespace tocsin::wire {

/// A handshake message: its type, its length in three bytes, and what body writes (RFC 9846 4).
inline void write_message(Writer& out, HandshakeType type, auto&& body) {
  out.u8(static_cast<std::uint8_t>(type));
  out.with_length(3, body);
}

inline Random read_random(Reader& reader) {
  Random random{};
  std::ranges::copy(reader.take(random.size()), random.begin());
  return random;
}

}  // namespace tocsin::wire
