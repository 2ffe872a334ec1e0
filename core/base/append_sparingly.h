#pragma once
// Bytes that a peer sends piece by piece, in little more memory than they need.
#include <algorithm>
#include <cstddef>

#include "tocsin/bytes.h"

namespace tocsin {

/// Adds what at the end of to. A vector that grows by itself may become twice as long as its bytes; here no more than
/// spare_bytes are held beyond them, or twice their number while they are few. They may not overlap.
inline void append_sparingly(Bytes& to, ByteView what, std::size_t spare_bytes) {
  const std::size_t needed_bytes = to.size() + what.size();
  if (needed_bytes > to.capacity()) to.reserve(std::max(needed_bytes, to.size() + std::min(to.size(), spare_bytes)));
  append(to, what);
}

}  // namespace tocsin
