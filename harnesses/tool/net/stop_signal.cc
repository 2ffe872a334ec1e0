#include "harnesses/tool/net/stop_signal.h"

#include <algorithm>

namespace tocsin::tool {
namespace {

volatile std::sig_atomic_t received = 0;

void note(int) { received = 1; }

}  // namespace

StopSignal::StopSignal() {
  received = 0;
  sigemptyset(&stopping_);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = note;
    sigaction(signals[i], &action, nullptr);
    sigaddset(&stopping_, signals[i]);
  }
  sigprocmask(SIG_BLOCK, &stopping_, &mask_before_);
  mask_while_waiting_ = mask_before_;
  for (const int number : signals) sigdelset(&mask_while_waiting_, number);
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before_[i], nullptr);
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
  // ppoll(2) takes a signal only if it has to wait.
  sigset_t pending;
  sigpending(&pending);
  for (const int number : signals) {
    if (sigismember(&pending, number) != 1 || sigismember(&stopping_, number) != 1) continue;
    int taken = 0;
    sigwait(&stopping_, &taken);
    received = 1;
  }
}

bool StopSignal::was_received() const { return received != 0; }

void StopSignal::forget() { received = 0; }

}  // namespace tocsin::tool
