#pragma once
/// @file
/// Time as the caller tells it. The core has no clock.
#include <algorithm>
#include <cstdint>
#include <limits>

namespace tocsin {

/// A span of time, in milliseconds.
enum class Milliseconds : std::int64_t {};

/// A point in time by the caller's clock: milliseconds since any moment that he likes, by a clock that does not go back.
enum class Instant : std::int64_t {};

/// How many milliseconds these are.
constexpr std::int64_t count(Milliseconds span) { return static_cast<std::int64_t>(span); }

/// So much later. span: 0 or more. Where the type ends, so does time.
constexpr Instant operator+(Instant at, Milliseconds span) {
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const auto from = static_cast<std::int64_t>(at);
  return Instant{from > 0 && count(span) > end - from ? end : from + count(span)};
}

/// From since until at; since is not later.
constexpr Milliseconds operator-(Instant at, Instant since) {
  const auto span = static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(since);
  return Milliseconds{static_cast<std::int64_t>(std::min(span, std::uint64_t{std::numeric_limits<std::int64_t>::max()}))};
}

/// When a flight of DTLS is sent again (RFC 6347 4.2.4.1).
struct RetransmissionTimes {
  Milliseconds initial{1000};  ///< after which a flight is sent again that was not answered; doubled each time
  Milliseconds max{60000};     ///< up to this
};

}  // namespace tocsin
