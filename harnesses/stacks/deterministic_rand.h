#pragma once
// Randomness that a test chooses, also for libcrypto and libssl, which draw it from a process-wide source. Each party of a
// conversation has its own stream, so what one draws does not depend on how often the other drew.
#include <cstdint>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

/// An endless byte stream that its seed alone determines.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(seed) {}
  void fill(MutableBytes out);

 private:
  std::uint64_t state_;
};

/// While it lives, libcrypto draws from this stream, on this thread. Nests. Outside of any, libcrypto's own generator is used.
class UseRandomStream {
 public:
  explicit UseRandomStream(RandomStream& stream);
  ~UseRandomStream();
  UseRandomStream(const UseRandomStream&) = delete;
  UseRandomStream& operator=(const UseRandomStream&) = delete;

 private:
  RandomStream* outer_;
};

}  // namespace tocsin::stacks
