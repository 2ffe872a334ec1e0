#include <algorithm>
#include <cstdlib>

#include "tocsin/provider.h"

namespace tocsin {

Secret::Secret(ByteView from) : Secret(from.size()) { std::copy(from.begin(), from.end(), data_.begin()); }

Secret::Secret(std::size_t size_bytes) : size_(size_bytes) {
  if (size_bytes > bytes_max) std::abort();  // never cut a secret short
}

Secret::~Secret() {
  data_.fill(0);
  // A compiler may drop stores to an object whose life ends, unless something might look.
  __asm__ __volatile__("" : : "r"(data_.data()) : "memory");
}

}  // namespace tocsin
