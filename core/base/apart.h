#pragma once
// A call's input that may be a part of its own output, which grows meanwhile: then it is copied first.
#include <functional>
#include <initializer_list>

#include "core/base/zeroise.h"

namespace tocsin {

/// Whether any byte of it lies in the memory of that list, used or not.
template <class T>
bool lies_in(ByteView bytes, const std::vector<T>& list) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(list.data());
  const std::less<const std::uint8_t*> is_before;
  return !bytes.empty() && is_before(bytes.data(), begin + list.capacity() * sizeof(T)) &&
         is_before(begin, bytes.data() + bytes.size());
}

class Apart {
 public:
  /// growing: the lists that the call may append to.
  Apart(ByteView input, std::initializer_list<const Bytes*> growing) : view_(input) {
    for (const Bytes* list : growing) {
      if (!lies_in(input, *list)) continue;
      copy_.assign(input.begin(), input.end());
      view_ = copy_;
    }
  }
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;
  ~Apart() { zeroise(copy_); }

  operator ByteView() const { return view_; }

 private:
  Bytes copy_;
  ByteView view_;
};

}  // namespace tocsin
