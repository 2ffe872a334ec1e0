#pragma once
// The cookies that have begun a handshake, as long as they are valid: each begins one, whatever becomes of it. Else who was
// answered once could draw one flight after another, each with a key and a signature, to the address that the cookie is for.
#include <set>
#include <utility>

#include "core/dtls/cookie.h"

namespace tocsin {

class SpentCookies {
 public:
  /// period: as that of Cookies. count_max: of more the oldest are forgotten.
  SpentCookies(Milliseconds period, std::size_t count_max) : period_(period), count_max_(count_max) {}

  bool contains(const Cookie& cookie, Instant now) {
    forget_old(now);
    return newer_.contains(cookie) || older_.contains(cookie);
  }
  void add(const Cookie& cookie, Instant now) {
    forget_old(now);
    if (newer_.size() >= count_max_ / 2) turn(now);
    if (count_max_ != 0) newer_.insert(cookie);
  }
  void remove(const Cookie& cookie) {
    newer_.erase(cookie);
    older_.erase(cookie);
  }

 private:
  /// A cookie is valid for less than two periods. The older ones have been there for as long when the next turn comes.
  void forget_old(Instant now) {
    if (count(now - turned_) / 2 >= count(period_)) turn(now);
  }
  void turn(Instant now) {
    older_ = std::exchange(newer_, {});
    turned_ = now;
  }

  Milliseconds period_;
  std::size_t count_max_;
  std::set<Cookie> newer_, older_;
  Instant turned_{};
};

}  // namespace tocsin
