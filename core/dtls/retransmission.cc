#include "core/dtls/retransmission.h"

#include <algorithm>
#include <utility>

namespace tocsin::dtls {

void RetransmissionTimer::start(Instant now) {
  // RFC 6347 4.2.4.1: the value is kept until a transmission without loss.
  if (retransmissions_ == 0) timeout_ = times_.initial;
  retransmissions_ = 0;
  deadline_ = now + timeout_;
}

Result<bool> RetransmissionTimer::expire(Instant now) {
  if (!deadline_ || now < *deadline_) return false;
  if (std::exchange(is_refused_, false)) ++refusals_;
  if (retransmissions_ >= retransmissions_max_ || refusals_ > refusals_max_) {
    stop();
    return Fatal{.why = Reason::handshake_timed_out, .unauthenticated_alert = refusal_};
  }
  ++retransmissions_;
  const std::int64_t doubled = count(timeout_) > count(times_.max) / 2 ? count(times_.max) : 2 * count(timeout_);
  timeout_ = Milliseconds{std::max(doubled, count(timeout_))};
  deadline_ = now + timeout_;
  return true;
}

}  // namespace tocsin::dtls
