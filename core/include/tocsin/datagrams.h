#pragma once
/// @file
/// Datagrams in a row.
#include <cstddef>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin {

/// Byte strings whose boundaries count, one behind the other. Calls only append.
struct Datagrams {
  Bytes bytes;                           ///< all of them
  std::vector<std::size_t> sizes_bytes;  ///< of each, in order

  /// Whether there are none.
  bool empty() const { return sizes_bytes.empty(); }
  /// One more.
  void add(ByteView datagram) {
    append(bytes, datagram);
    sizes_bytes.push_back(datagram.size());
  }
  /// Empties it. What it took stays reserved for what comes next.
  void clear() {
    bytes.clear();
    sizes_bytes.clear();
  }
  /// Calls with each, in order.
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
