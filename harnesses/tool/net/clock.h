#pragma once
// The clocks of the tool; the core has none.
#include <chrono>

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

}  // namespace tocsin::tool
