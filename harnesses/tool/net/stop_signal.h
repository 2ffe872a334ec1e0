#pragma once
// SIGINT and SIGTERM as something that a poll loop can wait for.
#include <poll.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <vector>

namespace tocsin::tool {

/// While it lives, both signals arrive during poll() only. One at a time.
class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// poll(2) until something is ready, the deadline is reached, or a signal arrives (then nothing is marked as ready).
  void poll(std::vector<pollfd>& polled, std::optional<std::chrono::steady_clock::time_point> deadline) const;
  bool was_received() const;
  void forget();

 private:
  sigset_t mask_before_, mask_while_waiting_;
  struct sigaction int_before_, term_before_;
};

}  // namespace tocsin::tool
