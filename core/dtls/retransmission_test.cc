#include "core/dtls/retransmission.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::dtls {
namespace {

using test::refusal_of;

constexpr Instant begin{1000000};

Limits limits_of(std::uint32_t retransmissions_max) {
  Limits limits;
  limits.retransmissions_max = retransmissions_max;
  return limits;
}

TEST(RetransmissionTimer, waits_a_second_and_doubles_up_to_a_minute_as_rfc_6347_has_it) {
  RetransmissionTimer timer({}, {});
  timer.start(begin);
  Instant now = begin;
  for (const std::int64_t seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    const Instant due = now + Milliseconds{1000 * seconds};
    ASSERT_EQ(timer.deadline(), due);
    const auto early = timer.expire(Instant{static_cast<std::int64_t>(due) - 1});
    EXPECT_TRUE(early && !*early);
    const auto expired = timer.expire(due);
    EXPECT_TRUE(expired && *expired);
    now = due;
  }
  EXPECT_EQ(timer.retransmissions(), 8u);
}

TEST(RetransmissionTimer, ends_the_handshake_after_as_many_as_the_limit_allows_and_stops) {
  for (const std::uint32_t limit : {0u, 1u, 3u}) {
    RetransmissionTimer timer({}, limits_of(limit));
    timer.start(begin);
    for (std::uint32_t i = 0; i < limit; ++i) {
      const auto expired = timer.expire(*timer.deadline());
      ASSERT_TRUE(expired && *expired);
    }
    EXPECT_EQ(refusal_of(timer.expire(*timer.deadline())), Reason::handshake_timed_out);
    EXPECT_FALSE(timer.deadline());
    const auto after = timer.expire(begin + Milliseconds{1000000});
    EXPECT_TRUE(after && !*after);
  }
}

TEST(RetransmissionTimer, a_late_call_counts_once_and_from_when_it_came) {
  RetransmissionTimer timer({}, {});
  timer.start(begin);
  const Instant late = begin + Milliseconds{100000};
  const auto expired = timer.expire(late), again = timer.expire(late);
  EXPECT_TRUE(expired && *expired && again && !*again);
  EXPECT_EQ(timer.deadline(), late + Milliseconds{2000});
}

TEST(RetransmissionTimer, waits_for_the_rest_of_an_answer_for_so_long_and_sends_nothing_again_meanwhile) {
  Limits limits;
  limits.peer_flight_ms_max = 5000;
  RetransmissionTimer timer({}, limits);
  timer.start(begin);
  timer.await_rest(begin + Milliseconds{500});
  EXPECT_EQ(timer.deadline(), begin + Milliseconds{5500});
  const auto early = timer.expire(begin + Milliseconds{5499});
  EXPECT_TRUE(early && !*early);
  EXPECT_EQ(refusal_of(timer.expire(begin + Milliseconds{5500})), Reason::handshake_timed_out);
  EXPECT_FALSE(timer.deadline());
  timer.await_rest(begin);
  timer.start(begin);
  EXPECT_EQ(timer.deadline(), begin + Milliseconds{1000}) << "the rest has come";
}

TEST(RetransmissionTimer, ends_a_handshake_that_takes_too_long_whatever_it_waits_for) {
  for (const bool is_answered : {false, true}) {
    RetransmissionTimer timer({}, {}, Milliseconds{1500});
    timer.begin(begin);
    timer.start(begin);
    EXPECT_EQ(timer.deadline(), begin + Milliseconds{1000});
    const auto again = timer.expire(begin + Milliseconds{1000});
    EXPECT_TRUE(again && *again);
    if (is_answered) timer.await_rest(begin + Milliseconds{1200});
    EXPECT_EQ(timer.deadline(), begin + Milliseconds{1500});
    EXPECT_EQ(refusal_of(timer.expire(begin + Milliseconds{1500})), Reason::handshake_timed_out);
    EXPECT_FALSE(timer.deadline());
  }
}

TEST(RetransmissionTimer, stopped_it_never_expires) {
  RetransmissionTimer timer({}, {});
  timer.start(begin);
  timer.end();
  EXPECT_FALSE(timer.deadline());
  const auto expired = timer.expire(begin + Milliseconds{100000});
  EXPECT_TRUE(expired && !*expired);
}

TEST(RetransmissionTimer, the_next_flight_waits_as_long_as_the_last_until_one_needs_no_second_try) {
  RetransmissionTimer timer({}, limits_of(1));
  timer.start(begin);
  EXPECT_TRUE(timer.expire(*timer.deadline()));
  timer.start(begin);
  EXPECT_EQ(timer.retransmissions(), 0u);
  EXPECT_EQ(timer.deadline(), begin + Milliseconds{2000});
  timer.start(begin);
  EXPECT_EQ(timer.deadline(), begin + Milliseconds{1000});
}

/// The flight is sent so often before it is given up with that error.
std::uint32_t transmissions(RetransmissionTimer& timer, std::optional<Fatal>& error, auto&& between) {
  timer.start(begin);
  for (std::uint32_t sent = 1;; ++sent) {
    between(sent);
    const auto expired = timer.expire(*timer.deadline());
    if (expired) continue;
    error = expired.error();
    return sent;
  }
}

TEST(RetransmissionTimer, gives_up_sooner_if_transmissions_are_answered_by_refusals_alone_and_says_which_was_the_last) {
  for (const std::uint32_t limit : {0u, 1u, 2u, 100u}) {
    Limits limits;
    limits.plaintext_refusals_max = limit;
    RetransmissionTimer timer({}, limits);
    std::optional<Fatal> error;
    const std::uint32_t sent = transmissions(timer, error, [&](std::uint32_t) {
      timer.note_refusal(AlertDescription::internal_error);  // several count as one
      timer.note_refusal(AlertDescription::handshake_failure);
    });
    EXPECT_EQ(sent, std::min(limit, limits.retransmissions_max) + 1);
    EXPECT_EQ(error, (Fatal{Reason::handshake_timed_out, {}, AlertDescription::handshake_failure}));
    EXPECT_FALSE(timer.deadline());
  }
}

TEST(RetransmissionTimer, counts_refusals_over_flights_and_silence_until_the_peer_goes_on) {
  const Limits limits;
  RetransmissionTimer timer({}, limits);
  std::optional<Fatal> error;
  timer.start(begin);
  timer.note_refusal(AlertDescription::handshake_failure);
  EXPECT_TRUE(timer.expire(*timer.deadline()));
  // Another flight, of which every second transmission is refused.
  const std::uint32_t sent = transmissions(timer, error, [&](std::uint32_t number) {
    if (number % 2 == 0) timer.note_refusal(AlertDescription::handshake_failure);
  });
  EXPECT_EQ(sent, 2 * limits.plaintext_refusals_max);
  timer.note_refusal(AlertDescription::handshake_failure);
  timer.forget_refusals();
  EXPECT_EQ(transmissions(timer, error, [](std::uint32_t) {}), limits.retransmissions_max + 1);
  EXPECT_EQ(error, Fatal{Reason::handshake_timed_out});
}

TEST(RetransmissionTimer, takes_other_times) {
  RetransmissionTimer timer({Milliseconds{100}, Milliseconds{250}}, {});
  timer.start(begin);
  Instant now = begin;
  for (const std::int64_t after : {100, 200, 250, 250}) {
    EXPECT_EQ(*timer.deadline() - now, Milliseconds{after});
    now = *timer.deadline();
    EXPECT_TRUE(timer.expire(now));
  }
}

TEST(RetransmissionTimer, never_waits_for_less_than_before_though_that_is_more_than_the_most) {
  RetransmissionTimer timer({Milliseconds{90}, Milliseconds{60}}, {});
  timer.start(begin);
  Instant now = begin;
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(*timer.deadline() - now, Milliseconds{90});
    now = *timer.deadline();
    EXPECT_TRUE(timer.expire(now));
  }
}

TEST(Instant, sums_end_where_the_type_does) {
  constexpr Instant end{std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(end + Milliseconds{1}, end);
  EXPECT_EQ(Instant{-5} + Milliseconds{7}, Instant{2});
  EXPECT_EQ(end - Instant{std::numeric_limits<std::int64_t>::min()}, Milliseconds{std::numeric_limits<std::int64_t>::max()});
  EXPECT_EQ(Instant{7} - Instant{-5}, Milliseconds{12});
}

}  // namespace
}  // namespace tocsin::dtls
