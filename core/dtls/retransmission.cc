#include "core/dtls/retransmission.h"

#include <algorithm>
#include <utility>

namespace tocsin::dtls {

void RetransmissionTimer::start(Instant now) {
  // RFC 6347 4.2.4.1: the value is kept until a transmission without loss.
  if (retransmissions_ == 0) timeout_ = times_.initial;
  retransmissions_ = 0;
  rest_due_.reset();
  resend_ = now + timeout_;
}

std::optional<Instant> RetransmissionTimer::deadline() const {
  const std::optional<Instant>& of_flight = resend_ ? resend_ : rest_due_;
  if (!of_flight || !handshake_due_) return of_flight ? of_flight : handshake_due_;
  return std::min(*of_flight, *handshake_due_);
}

Result<bool> RetransmissionTimer::expire(Instant now) {
  const auto is_due = [now](const std::optional<Instant>& at) { return at && *at <= now; };
  if (!is_due(deadline())) return false;
  if (is_due(resend_) && std::exchange(is_refused_, false)) ++refusals_;
  const bool may_send_again = retransmissions_ < retransmissions_max_ && refusals_ <= refusals_max_;
  if (!may_send_again || is_due(rest_due_) || is_due(handshake_due_)) {
    end();
    return Fatal{.why = Reason::handshake_timed_out, .unauthenticated_alert = refusal_};
  }
  ++retransmissions_;
  const std::int64_t doubled = count(timeout_) > count(times_.max) / 2 ? count(times_.max) : 2 * count(timeout_);
  timeout_ = Milliseconds{std::max(doubled, count(timeout_))};
  resend_ = now + timeout_;
  return true;
}

}  // namespace tocsin::dtls
