#pragma once
#include <algorithm>

#include "tocsin/bytes.h"

namespace tocsin {

/// Overwrites what was secret, in memory that is given back next.
inline void zeroise(MutableBytes bytes) {
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  // A compiler may drop stores to an object whose life ends, unless something might look.
  __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

}  // namespace tocsin
