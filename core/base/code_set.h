#pragma once
// A set of two-byte code points that a peer lists.
#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tocsin {

/// A peer may list up to 32767, too many to compare each with each, and lists a dozen: the table for many is made only for
/// them.
class CodeSet {
 public:
  /// False if it was there before.
  bool add(std::uint16_t code) {
    if (contains(code)) return false;
    if (many_) {
      many_->set(code);
    } else if (count_ < few_.size()) {
      few_[count_++] = code;
    } else {
      many_.emplace();
      for (const std::uint16_t seen : few_) many_->set(seen);
      many_->set(code);
    }
    return true;
  }
  bool contains(std::uint16_t code) const {
    if (many_) return many_->test(code);
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    return std::find(few_.begin(), end, code) != end;
  }

 private:
  std::array<std::uint16_t, 32> few_;
  std::size_t count_ = 0;
  std::optional<std::bitset<0x10000>> many_;
};

}  // namespace tocsin
