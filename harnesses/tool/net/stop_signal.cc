#include "harnesses/tool/net/stop_signal.h"

#include <algorithm>

namespace tocsin::tool {
namespace {

volatile std::sig_atomic_t received = 0;

void note(int) { received = 1; }

}  // namespace

StopSignal::StopSignal() {
  received = 0;
  sigset_t stopping;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGINT);
  sigaddset(&stopping, SIGTERM);
  sigprocmask(SIG_BLOCK, &stopping, &mask_before_);
  mask_while_waiting_ = mask_before_;
  sigdelset(&mask_while_waiting_, SIGINT);
  sigdelset(&mask_while_waiting_, SIGTERM);
  struct sigaction action {};
  action.sa_handler = note;
  sigaction(SIGINT, &action, &int_before_);
  sigaction(SIGTERM, &action, &term_before_);
}

StopSignal::~StopSignal() {
  sigaction(SIGINT, &int_before_, nullptr);
  sigaction(SIGTERM, &term_before_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void StopSignal::poll(std::vector<pollfd>& polled, std::optional<std::chrono::steady_clock::time_point> deadline) const {
  timespec left{};
  if (deadline) {
    const auto until = std::max(*deadline - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(until).count();
    left = {.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
  }
  if (ppoll(polled.data(), polled.size(), deadline ? &left : nullptr, &mask_while_waiting_) < 0) {
    for (pollfd& one : polled) one.revents = 0;
  }
}

bool StopSignal::was_received() const { return received != 0; }

void StopSignal::forget() { received = 0; }

}  // namespace tocsin::tool
