#include <algorithm>
#include <cstdlib>

#include "core/base/zeroise.h"
#include "tocsin/provider.h"

namespace tocsin {

Secret::Secret(ByteView from) : Secret(from.size()) { std::copy(from.begin(), from.end(), data_.begin()); }

Secret::Secret(std::size_t size_bytes) : size_(size_bytes) {
  if (size_bytes > bytes_max) std::abort();  // never cut a secret short
}

Secret::~Secret() { zeroise(data_); }

}  // namespace tocsin
