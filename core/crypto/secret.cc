#include <algorithm>
#include <cstdlib>

#include "tocsin/provider.h"

namespace tocsin {

Secret::Secret(ByteView from) : Secret(from.size()) { std::copy(from.begin(), from.end(), data_.begin()); }

Secret::Secret(std::size_t size_bytes) : size_(size_bytes) {
  if (size_bytes > bytes_max) std::abort();  // never cut a secret short
}

Secret::~Secret() {
  // Through a volatile view, because a compiler may drop stores to an object whose life ends.
  volatile std::uint8_t* bytes = data_.data();
  for (std::size_t i = 0; i < size_; ++i) bytes[i] = 0;
}

}  // namespace tocsin
