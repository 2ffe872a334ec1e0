#pragma once
// The numbers that a script gives to the records of one epoch.
#include <optional>

#include "harnesses/script/dtls12/script.h"

namespace tocsin::script::dtls12 {

class RecordNumbers {
 public:
  std::uint64_t take(Number which) {
    constexpr std::uint64_t left_out = 100, window = 64;
    switch (which) {
      case Number::again:
        return last_;
      case Number::old:
        return last_ < window ? 0 : last_ - window;
      case Number::skipped:
        if (skipped_ == 0) break;
        --skipped_;
        return skipped_from_ + skipped_;
      case Number::far_ahead:
        skipped_from_ = next_;
        skipped_ = left_out;
        next_ += left_out;
        break;
      case Number::next:
        break;
    }
    last_ = next_++;
    return last_;
  }

 private:
  std::uint64_t next_ = 0, last_ = 0;
  std::uint64_t skipped_from_ = 0, skipped_ = 0;  // the first that was left out, and how many still are
};

}  // namespace tocsin::script::dtls12
