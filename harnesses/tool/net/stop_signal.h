#pragma once
// SIGINT, SIGTERM and SIGHUP as something that a poll loop can wait for.
#include <poll.h>

#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <vector>

namespace tocsin::tool {

/// While it lives, these signals arrive during poll() only. One that the program was started to ignore, as by nohup, stays
/// ignored. One at a time.
class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// poll(2) until something is ready, the deadline is reached, or a signal arrives (then nothing is marked as ready). A signal
  /// is noticed in each call, even if there is never a time at which nothing is ready.
  void poll(std::vector<pollfd>& polled, std::optional<std::chrono::steady_clock::time_point> deadline) const;
  bool was_received() const;
  void forget();

 private:
  static constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};

  sigset_t stopping_, mask_before_, mask_while_waiting_;
  std::array<struct sigaction, signals.size()> before_;
};

}  // namespace tocsin::tool
