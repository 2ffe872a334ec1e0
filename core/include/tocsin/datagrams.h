#pragma once
/// @file
/// A sequence of datagrams.
#include <cstddef>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin {

/// Consecutive datagrams in one buffer, with their boundaries.
struct Datagrams {
  Bytes bytes;                           ///< the bytes of all datagrams
  std::vector<std::size_t> sizes_bytes;  ///< the size of each datagram

  /// Whether there is no datagram.
  bool empty() const { return sizes_bytes.empty(); }
  /// Appends one datagram.
  void add(ByteView datagram) {
    append(bytes, datagram);
    sizes_bytes.push_back(datagram.size());
  }
  /// Empties it and keeps its memory for the next datagrams.
  void clear() {
    bytes.clear();
    sizes_bytes.clear();
  }
  /// Calls use with each datagram, in order.
  template <class Use>
  void each(Use&& use) const {
    ByteView rest = bytes;
    for (const std::size_t size_bytes : sizes_bytes) {
      use(rest.first(size_bytes));
      rest = rest.subspan(size_bytes);
    }
  }
};

}  // namespace tocsin
