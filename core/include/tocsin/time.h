#pragma once
/// @file
/// Time. The caller passes it in: the core has no clock.
#include <algorithm>
#include <cstdint>
#include <limits>

namespace tocsin {

/// A span of time, in milliseconds.
enum class Milliseconds : std::int64_t {};

/// A point in time on a clock that never goes back: milliseconds since a moment of the caller's choice. Timers use it.
enum class Instant : std::int64_t {};

/// A date: seconds since 1970-01-01 UTC. The validity of certificates and sessions is judged by it.
enum class UnixSeconds : std::int64_t {};

/// The time of a call, on both clocks. A date of 0 means that the date is unknown: then no certificate is valid, and no session
/// is stored, resumed or made a ticket.
struct Now {
  Instant instant{};   ///< for timers, which only DTLS has
  UnixSeconds date{};  ///< for the validity of certificates and the age of sessions
};

/// The number of milliseconds in a span.
constexpr std::int64_t count(Milliseconds span) { return static_cast<std::int64_t>(span); }

/// The instant this span later. The span is not negative; the sum saturates.
constexpr Instant operator+(Instant at, Milliseconds span) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const auto from = static_cast<std::int64_t>(at);
  return Instant{from > 0 && count(span) > end - from ? end : from + count(span)};
}

/// The span from `since` to `at`; `since` must not be later.
constexpr Milliseconds operator-(Instant at, Instant since) {
  const auto span = static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(since);
  return Milliseconds{static_cast<std::int64_t>(std::min(span, std::uint64_t{std::numeric_limits<std::int64_t>::max()}))};
}

/// When DTLS sends an unanswered flight again (RFC 6347 4.2.4.1).
struct RetransmissionTimes {
  Milliseconds initial{1000};  ///< the first timeout; each later one is twice as long
  Milliseconds max{60000};     ///< the longest timeout
};

}  // namespace tocsin
