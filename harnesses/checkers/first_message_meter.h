#pragma once
// How much of the first handshake message has come to an end that has not answered yet, seen from outside: what stands in whole
// plaintext handshake records.
#include <array>
#include <cstddef>

#include "core/record/header.h"

namespace tocsin::harness {

class FirstMessageMeter {
 public:
  void take(ByteView received);
  std::size_t handshake_bytes() const { return handshake_bytes_; }

 private:
  std::array<std::uint8_t, record::header_bytes> header_{};
  std::size_t header_filled_bytes_ = 0;
  std::size_t fragment_left_bytes_ = 0;
  std::size_t handshake_bytes_ = 0;
};

}  // namespace tocsin::harness
