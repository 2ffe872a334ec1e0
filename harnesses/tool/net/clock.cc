#include "harnesses/tool/net/clock.h"

#include <chrono>

namespace tocsin::tool {
namespace {

template <class Unit, class Clock>
std::int64_t count_of() {
  return std::chrono::duration_cast<Unit>(Clock::now().time_since_epoch()).count();
}

}  // namespace

Now current_time() {
  return {Instant{count_of<std::chrono::milliseconds, std::chrono::steady_clock>()},
          UnixSeconds{count_of<std::chrono::seconds, std::chrono::system_clock>()}};
}

}  // namespace tocsin::tool
