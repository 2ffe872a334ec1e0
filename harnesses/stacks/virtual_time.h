#pragma once
// Time that a test chooses, also for libssl: its DTLS timer asks gettimeofday, on every read. The callback of
// DTLS_set_timer_cb chooses only how long a timer runs, not when it has run out; and one that runs for next to nothing makes
// every read a retransmission. So gettimeofday is defined here, for all of a program that links this.
#include <chrono>

namespace tocsin::stacks {

/// While it lives, gettimeofday gives this time on this thread. Nests. Outside of any, it gives the real one.
class UseTime {
 public:
  explicit UseTime(std::chrono::microseconds since_1970);
  ~UseTime();
  UseTime(const UseTime&) = delete;
  UseTime& operator=(const UseTime&) = delete;

 private:
  const std::chrono::microseconds now_;
  const UseTime* const outer_;

  friend struct TimeOfDay;
};

}  // namespace tocsin::stacks
