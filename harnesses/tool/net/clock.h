#pragma once
// The clocks of the tool; the core has none.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "tocsin/time.h"

namespace tocsin::tool {

inline Now current_time() {
  using namespace std::chrono;
  return {Instant{duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count()},
          UnixSeconds{duration_cast<seconds>(system_clock::now().time_since_epoch()).count()}};
}

/// A moment of current_time as a time point.
inline std::chrono::steady_clock::time_point time_point_of(Instant at) {
  return std::chrono::steady_clock::time_point(std::chrono::milliseconds(static_cast<std::int64_t>(at)));
}

/// How long poll(2) may wait, in milliseconds: -1, for ever, without a deadline.
inline int poll_timeout_ms(std::optional<std::chrono::steady_clock::time_point> deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace tocsin::tool
