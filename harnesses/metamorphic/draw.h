#pragma once
// Choices that follow from an input's bytes: the same input is transformed in the same way each time.
#include <cstddef>
#include <cstdint>

#include "tocsin/bytes.h"

namespace tocsin::metamorphic {

class Draw {
 public:
  /// which: what is chosen for; each has choices of its own.
  explicit Draw(ByteView input, std::uint64_t which = 0) : state_(which) {
    for (const std::uint8_t byte : input) state_ = mixed(state_ ^ byte);
  }

  /// Below count, which is not 0.
  std::size_t below(std::size_t count) {
    state_ += 0x9e3779b97f4a7c15;
    return static_cast<std::size_t>(mixed(state_) % count);
  }
  Bytes bytes(std::size_t size_bytes) {
    Bytes drawn(size_bytes);
    for (std::uint8_t& byte : drawn) byte = static_cast<std::uint8_t>(below(0x100));
    return drawn;
  }

 private:
  // The finalizer of SplitMix64.
  static std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
  }

  std::uint64_t state_;
};

}  // namespace tocsin::metamorphic
