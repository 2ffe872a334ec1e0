#pragma once
// When a flight is to be sent again (RFC 6347 section 4.2.4.1): data, and the caller's time.
#include <cstdint>
#include <optional>

#include "tocsin/error.h"
#include "tocsin/time.h"

namespace tocsin::dtls {

class RetransmissionTimer {
 public:
  /// retransmissions_max: of Limits.
  RetransmissionTimer(const RetransmissionTimes& times, std::uint32_t retransmissions_max)
      : times_(times), retransmissions_max_(retransmissions_max), timeout_(times.initial) {}

  /// A new flight was sent that has to be answered. It waits as long as the last one did in the end; after one that was
  /// answered at once, times.initial again.
  void start(Instant now);
  /// The flight was answered, or need not be.
  void stop() { deadline_.reset(); }

  /// When to call expire; nothing: not at all.
  std::optional<Instant> deadline() const { return deadline_; }
  /// Whether the flight is to be sent again now. The next deadline is then twice as far from now as this one was, up to
  /// times.max. The caller may call too early, or late. Reason: handshake_timed_out, and the timer has stopped.
  Result<bool> expire(Instant now);

  /// Of this flight, so far.
  std::uint32_t retransmissions() const { return retransmissions_; }

 private:
  RetransmissionTimes times_;
  std::uint32_t retransmissions_max_, retransmissions_ = 0;
  Milliseconds timeout_;
  std::optional<Instant> deadline_;
};

}  // namespace tocsin::dtls
