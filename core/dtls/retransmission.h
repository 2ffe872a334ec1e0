#pragma once
// When a flight is to be sent again (RFC 6347 section 4.2.4.1), and when to give up: data, and the caller's time.
#include <cstdint>
#include <optional>

#include "tocsin/error.h"
#include "tocsin/limits.h"
#include "tocsin/time.h"

namespace tocsin::dtls {

class RetransmissionTimer {
 public:
  /// Of limits it keeps retransmissions_max, plaintext_refusals_max and peer_flight_ms_max.
  RetransmissionTimer(const RetransmissionTimes& times, const Limits& limits,
                      std::optional<Milliseconds> handshake_timeout = std::nullopt)
      : times_(times),
        retransmissions_max_(limits.retransmissions_max),
        refusals_max_(limits.plaintext_refusals_max),
        peer_flight_max_(Milliseconds{limits.peer_flight_ms_max}),
        handshake_timeout_(handshake_timeout),
        timeout_(times.initial) {}

  /// The handshake begins.
  void begin(Instant now) {
    if (handshake_timeout_) handshake_due_ = now + *handshake_timeout_;
  }
  /// It is over: nothing is waited for any more.
  void end() {
    resend_.reset();
    rest_due_.reset();
    handshake_due_.reset();
  }

  /// A new flight was sent that has to be answered. It waits as long as the last one did in the end; after one that was
  /// answered at once, times.initial again.
  void start(Instant now);
  /// The first message of the answer came. Its rest is waited for, while nothing is sent again: the peer does that.
  void await_rest(Instant now) {
    resend_.reset();
    rest_due_ = now + peer_flight_max_;
  }

  bool is_running() const { return resend_ || rest_due_ || handshake_due_; }
  /// When to call expire; nothing: not at all.
  std::optional<Instant> deadline() const;
  /// Whether the flight is to be sent again now. The next deadline is then twice as far from now as this one was, up to
  /// times.max. The caller may call too early, or late. Reason: handshake_timed_out, with the refusal that is remembered;
  /// there is no deadline then.
  Result<bool> expire(Instant now);

  /// A fatal alert came that anybody could have forged. The wait for a better answer goes on until the deadline, but once too
  /// many transmissions were answered by nothing else the flight is not sent again.
  void note_refusal(AlertDescription alert) {
    refusal_ = alert;
    is_refused_ = true;
  }
  /// The peer goes on with the handshake: who refused it was somebody else.
  void forget_refusals() {
    refusal_.reset();
    is_refused_ = false;
    refusals_ = 0;
  }

  /// Of this flight, so far.
  std::uint32_t retransmissions() const { return retransmissions_; }

 private:
  RetransmissionTimes times_;
  std::uint32_t retransmissions_max_, retransmissions_ = 0;
  std::uint32_t refusals_max_, refusals_ = 0;  // transmissions, of any flight
  bool is_refused_ = false;                    // the last transmission
  std::optional<AlertDescription> refusal_;
  Milliseconds peer_flight_max_;
  std::optional<Milliseconds> handshake_timeout_;
  Milliseconds timeout_;
  std::optional<Instant> resend_, rest_due_;  // one of them at most
  std::optional<Instant> handshake_due_;
};

}  // namespace tocsin::dtls
