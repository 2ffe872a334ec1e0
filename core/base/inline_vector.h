#pragma once
// A list that only grows, whose first elements stand in the list itself: no heap as long as there are no more of them.
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace tocsin {

template <class T, std::size_t inline_count_max>
class InlineVector {
 public:
  InlineVector() = default;
  InlineVector(const InlineVector&) = delete;
  InlineVector& operator=(const InlineVector&) = delete;
  ~InlineVector() { std::destroy(begin_inline(), begin_inline() + inline_count_); }

  /// Elements move when they become too many: a reference is valid until the next call. from may not be a part of the list.
  template <class From>
  T& emplace_back(From&& from) {
    if (heap_.empty()) {
      if (inline_count_ < inline_count_max)
        return *std::construct_at(begin_inline() + inline_count_++, std::forward<From>(from));
      std::vector<T> all;
      all.reserve(2 * inline_count_max);
      for (T& element : *this) all.push_back(std::move(element));
      heap_ = std::move(all);
    }
    return heap_.emplace_back(std::forward<From>(from));
  }

  T* begin() { return heap_.empty() ? begin_inline() : heap_.data(); }
  T* end() { return heap_.empty() ? begin_inline() + inline_count_ : heap_.data() + heap_.size(); }
  const T* begin() const { return const_cast<InlineVector*>(this)->begin(); }
  const T* end() const { return const_cast<InlineVector*>(this)->end(); }
  std::size_t size() const { return heap_.empty() ? inline_count_ : heap_.size(); }
  bool empty() const { return size() == 0; }

 private:
  T* begin_inline() { return reinterpret_cast<T*>(room_); }

  alignas(T) std::byte room_[inline_count_max * sizeof(T)];
  std::size_t inline_count_ = 0;
  std::vector<T> heap_;
};

}  // namespace tocsin
