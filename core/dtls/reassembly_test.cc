#include "core/dtls/reassembly.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "core/base/testing.h"

namespace tocsin::dtls {
namespace {

using test::copy_of;
using test::from_hex;

Bytes body_of(std::size_t size, std::uint8_t first = 0) {
  Bytes body(size);
  std::iota(body.begin(), body.end(), first);
  return body;
}

/// A fragment of a certificate message with this body.
wire::Fragment fragment(std::uint16_t message_seq, const Bytes& body, std::size_t offset, std::size_t size) {
  return {{HandshakeType::certificate, static_cast<std::uint32_t>(body.size()), message_seq, static_cast<std::uint32_t>(offset),
           static_cast<std::uint32_t>(size)},
          ByteView(body).subspan(offset, size)};
}
wire::Fragment whole_fragment(std::uint16_t message_seq, const Bytes& body) {
  return fragment(message_seq, body, 0, body.size());
}

std::optional<DiscardReason> add(Reassembly& reassembly, const wire::Fragment& part, std::uint16_t epoch = 0) {
  const auto done = reassembly.add(part, epoch);
  return done ? std::nullopt : std::optional(done.error().why);
}

/// The body of the next message, which is then taken; nothing if it is not whole.
std::optional<Bytes> taken(Reassembly& reassembly) {
  const auto message = reassembly.whole();
  if (!message) return std::nullopt;
  const Bytes body = copy_of(message->body());
  reassembly.take();
  return body;
}

TEST(Reassembly, gives_a_message_as_in_tls) {
  Reassembly reassembly({}, 3);
  const Bytes body = from_hex("aabbcc");
  EXPECT_FALSE(add(reassembly, whole_fragment(3, body), 1));
  const auto message = reassembly.whole();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->message_seq, 3);
  EXPECT_EQ(message->epoch, 1);
  EXPECT_EQ(copy_of(message->message), from_hex("0b 000003 aabbcc"));
  EXPECT_EQ(copy_of(message->body()), body);
}

//= RFC 6347 4.2.3 //# it MUST buffer it until it has the entire handshake message.
//= RFC 6347 4.2.3 //# DTLS implementations MUST be able to handle overlapping fragment ranges.
TEST(Reassembly, fragments_in_any_order_with_duplicates_and_overlaps_give_the_message) {
  std::mt19937 random(4223);
  for (int run = 0; run < 500; ++run) {
    const Bytes body = body_of(1 + random() % 100);
    Reassembly reassembly({});
    while (!reassembly.whole()) {
      const std::size_t offset = random() % body.size(), size = 1 + random() % (body.size() - offset);
      ASSERT_FALSE(add(reassembly, fragment(0, body, offset, size)));
    }
    EXPECT_EQ(taken(reassembly), body);
    EXPECT_EQ(reassembly.held_bytes(), 0u);
  }
}

TEST(Reassembly, a_message_with_any_one_byte_missing_is_not_whole) {
  const Bytes body = body_of(20);
  for (std::size_t missing = 0; missing < body.size(); ++missing) {
    Reassembly reassembly({});
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (i == missing) continue;
      ASSERT_FALSE(add(reassembly, fragment(0, body, i, 1)));
    }
    EXPECT_FALSE(reassembly.whole());
    EXPECT_FALSE(add(reassembly, fragment(0, body, missing, 1)));
    EXPECT_EQ(taken(reassembly), body);
  }
}

//= RFC 6347 4.2.2 //# If the sequence number is greater than next_receive_seq, the implementation SHOULD
TEST(Reassembly, messages_ahead_wait_for_those_before_them) {
  Reassembly reassembly({});
  const Bytes first = body_of(5, 1), second = body_of(6, 2), third = body_of(7, 3);
  EXPECT_FALSE(add(reassembly, whole_fragment(2, third)));
  EXPECT_FALSE(add(reassembly, whole_fragment(1, second)));
  EXPECT_FALSE(reassembly.whole());
  EXPECT_FALSE(add(reassembly, whole_fragment(0, first)));
  EXPECT_EQ(taken(reassembly), first);
  EXPECT_EQ(taken(reassembly), second);
  EXPECT_EQ(taken(reassembly), third);
  EXPECT_EQ(reassembly.next_message_seq(), 3u);
}

TEST(Reassembly, a_message_without_a_body_is_whole_at_once) {
  Reassembly reassembly({});
  EXPECT_FALSE(add(reassembly, whole_fragment(0, {})));
  EXPECT_EQ(taken(reassembly), Bytes{});
  EXPECT_EQ(add(reassembly, whole_fragment(0, {})), DiscardReason::message_from_the_past);
}

TEST(Reassembly, an_empty_fragment_of_another_message_is_discarded) {
  Reassembly reassembly({});
  EXPECT_EQ(add(reassembly, fragment(0, body_of(4), 0, 0)), DiscardReason::fragment_empty);
  EXPECT_EQ(reassembly.held_bytes(), 0u);
}

//= RFC 6347 4.2.2 //# If the sequence number is less than next_receive_seq, the message MUST be discarded.
TEST(Reassembly, fragments_of_messages_that_were_taken_are_told_apart) {
  Reassembly reassembly({}, 1);
  EXPECT_EQ(add(reassembly, whole_fragment(0, body_of(4))), DiscardReason::message_from_the_past);
  EXPECT_FALSE(add(reassembly, whole_fragment(1, body_of(4))));
  EXPECT_FALSE(add(reassembly, whole_fragment(1, body_of(4))));  // not taken yet
  reassembly.take();
  EXPECT_EQ(add(reassembly, fragment(1, body_of(4), 2, 1)), DiscardReason::message_from_the_past);
}

TEST(Reassembly, after_the_last_number_everything_is_of_the_past) {
  Reassembly reassembly({}, 0xffff);
  EXPECT_FALSE(add(reassembly, whole_fragment(0xffff, body_of(4))));
  reassembly.take();
  EXPECT_EQ(reassembly.next_message_seq(), 0x10000u);
  for (const std::uint16_t message_seq : std::initializer_list<std::uint16_t>{0, 1, 0xffff})
    EXPECT_EQ(add(reassembly, whole_fragment(message_seq, body_of(4))), DiscardReason::message_from_the_past);
}

TEST(Reassembly, keeps_so_many_messages_ahead_and_no_more) {
  Limits limits;
  limits.messages_ahead_max = 2;
  Reassembly reassembly(limits);
  EXPECT_FALSE(add(reassembly, whole_fragment(2, body_of(4))));
  EXPECT_EQ(add(reassembly, whole_fragment(3, body_of(4))), DiscardReason::message_too_far_ahead);
  EXPECT_EQ(add(reassembly, whole_fragment(0xffff, body_of(4))), DiscardReason::message_too_far_ahead);
}

TEST(Reassembly, an_overlap_with_other_bytes_under_keys_is_discarded_whole) {
  const Bytes body = body_of(10);
  Bytes other = body;
  other[4] ^= 1;
  Reassembly reassembly({});
  EXPECT_FALSE(add(reassembly, fragment(0, body, 2, 4), 1));
  EXPECT_EQ(add(reassembly, fragment(0, other, 0, 10), 1), DiscardReason::fragment_conflicting);
  EXPECT_EQ(add(reassembly, fragment(0, other, 4, 3), 1), DiscardReason::fragment_conflicting);
  EXPECT_FALSE(add(reassembly, fragment(0, body, 6, 4), 1));
  EXPECT_FALSE(reassembly.whole());
  EXPECT_FALSE(add(reassembly, fragment(0, other, 0, 2), 1));  // the same here
  EXPECT_EQ(add(reassembly, whole_fragment(0, other), 1), DiscardReason::fragment_conflicting);
  EXPECT_EQ(taken(reassembly), body);
}

TEST(Reassembly, what_was_forged_in_plaintext_does_not_win_because_it_came_first) {
  const Bytes genuine = body_of(10), longer = body_of(12);
  Bytes other = genuine;
  other[4] ^= 1;
  wire::Fragment other_type = fragment(0, genuine, 4, 1);
  other_type.header.type = HandshakeType::finished;
  for (const wire::Fragment& forged :
       {fragment(0, other, 4, 1), fragment(0, longer, 4, 1), other_type, whole_fragment(0, other)}) {
    Reassembly reassembly({});
    EXPECT_FALSE(add(reassembly, forged));
    EXPECT_FALSE(add(reassembly, whole_fragment(0, genuine)));
    EXPECT_EQ(taken(reassembly), genuine);
  }
}

TEST(Reassembly, a_message_that_starts_over_keeps_nothing_of_what_it_had) {
  const Bytes genuine = body_of(10);
  Bytes forged = genuine;
  forged[2] ^= 1;
  Reassembly reassembly({});
  EXPECT_FALSE(add(reassembly, fragment(0, forged, 0, 6)));
  EXPECT_FALSE(add(reassembly, fragment(0, genuine, 2, 4)));
  EXPECT_FALSE(add(reassembly, fragment(0, genuine, 6, 4)));
  EXPECT_FALSE(reassembly.whole());  // bytes 0 and 1 came in the forged one alone
  EXPECT_FALSE(add(reassembly, fragment(0, genuine, 0, 2)));
  EXPECT_EQ(taken(reassembly), genuine);
}

TEST(Reassembly, a_message_starts_over_as_often_as_the_limit_allows) {
  const Bytes bodies[] = {body_of(10, 0), body_of(10, 1)};
  for (const std::uint32_t limit : {0u, 1u, 5u}) {
    Limits limits;
    limits.message_restarts_max = limit;
    Reassembly reassembly(limits);
    EXPECT_FALSE(add(reassembly, fragment(0, bodies[0], 0, 1)));
    for (std::uint32_t i = 1; i <= limit; ++i) EXPECT_FALSE(add(reassembly, fragment(0, bodies[i % 2], 0, 1)));
    EXPECT_EQ(add(reassembly, fragment(0, bodies[(limit + 1) % 2], 0, 1)), DiscardReason::fragment_conflicting);
    EXPECT_FALSE(add(reassembly, whole_fragment(0, bodies[limit % 2])));
    EXPECT_EQ(taken(reassembly), bodies[limit % 2]);
    // Each message has restarts of its own.
    EXPECT_FALSE(add(reassembly, fragment(1, bodies[0], 0, 1)));
    EXPECT_EQ(add(reassembly, fragment(1, bodies[1], 0, 1)),
              limit == 0 ? std::optional(DiscardReason::fragment_conflicting) : std::nullopt);
  }
}

TEST(Reassembly, a_message_that_does_not_fit_starts_nothing_over) {
  Limits limits;
  limits.reassembly_bytes_max = 100;
  Reassembly reassembly(limits);
  EXPECT_FALSE(add(reassembly, fragment(0, body_of(10), 0, 5)));
  EXPECT_EQ(add(reassembly, fragment(0, body_of(97), 0, 1)), DiscardReason::reassembly_full);
  EXPECT_FALSE(add(reassembly, fragment(0, body_of(10), 5, 5)));
  EXPECT_EQ(taken(reassembly), body_of(10));
}

TEST(Reassembly, another_type_length_or_earlier_epoch_is_inconsistent) {
  const Bytes body = body_of(10), longer = body_of(11);
  Reassembly reassembly({});
  EXPECT_FALSE(add(reassembly, fragment(0, body, 2, 4), 1));
  wire::Fragment other_type = fragment(0, body, 0, 4);
  other_type.header.type = HandshakeType::finished;
  EXPECT_EQ(add(reassembly, other_type, 1), DiscardReason::fragment_inconsistent);
  EXPECT_EQ(add(reassembly, fragment(0, longer, 0, 4), 1), DiscardReason::fragment_inconsistent);
  EXPECT_EQ(add(reassembly, fragment(0, body, 0, 4), 0), DiscardReason::fragment_inconsistent);
  EXPECT_FALSE(add(reassembly, whole_fragment(0, body), 1));
  EXPECT_EQ(taken(reassembly), body);
}

TEST(Reassembly, what_was_forged_under_earlier_keys_does_not_keep_out_what_comes_under_later_ones) {
  const Bytes forged = body_of(12, 0x80), genuine = body_of(10);
  Reassembly reassembly({});
  EXPECT_FALSE(add(reassembly, whole_fragment(0, forged), 0));
  EXPECT_FALSE(add(reassembly, fragment(0, genuine, 0, 9), 1));
  EXPECT_FALSE(reassembly.whole());
  EXPECT_FALSE(add(reassembly, fragment(0, genuine, 9, 1), 1));
  EXPECT_EQ(reassembly.whole()->epoch, 1);
  EXPECT_EQ(taken(reassembly), genuine);
}

TEST(Reassembly, a_message_that_is_displaced_makes_room_for_the_one_that_displaces_it) {
  Limits limits;
  limits.reassembly_bytes_max = 100;
  Reassembly reassembly(limits);
  EXPECT_FALSE(add(reassembly, whole_fragment(0, body_of(60)), 0));
  EXPECT_FALSE(add(reassembly, whole_fragment(1, body_of(20)), 1));
  EXPECT_FALSE(add(reassembly, whole_fragment(0, body_of(72)), 1));
  EXPECT_EQ(reassembly.held_bytes(), 100u);
}

TEST(Reassembly, holds_as_many_bytes_as_the_limit_says) {
  Limits limits;
  limits.reassembly_bytes_max = 100;
  Reassembly reassembly(limits);
  EXPECT_EQ(add(reassembly, fragment(0, body_of(97), 0, 1)), DiscardReason::reassembly_full);
  EXPECT_EQ(reassembly.held_bytes(), 0u);
  EXPECT_FALSE(add(reassembly, fragment(0, body_of(46), 0, 1)));
  EXPECT_FALSE(add(reassembly, fragment(1, body_of(46), 0, 1)));
  EXPECT_EQ(reassembly.held_bytes(), 100u);
  EXPECT_EQ(add(reassembly, whole_fragment(2, {})), DiscardReason::reassembly_full);
}

TEST(Reassembly, a_message_that_is_due_sooner_displaces_those_behind_it_the_last_first) {
  Limits limits;
  limits.reassembly_bytes_max = 100;
  Reassembly reassembly(limits);
  const Bytes small = body_of(26);
  for (const std::uint16_t message_seq : std::initializer_list<std::uint16_t>{1, 2, 3})
    EXPECT_FALSE(add(reassembly, whole_fragment(message_seq, small)));
  EXPECT_FALSE(add(reassembly, whole_fragment(0, small)));
  EXPECT_EQ(reassembly.held_bytes(), 90u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(taken(reassembly), small);
  EXPECT_FALSE(reassembly.whole());
  EXPECT_FALSE(add(reassembly, whole_fragment(3, small)));
  EXPECT_EQ(taken(reassembly), small);
}

TEST(Reassembly, what_does_not_fit_displaces_nothing) {
  Limits limits;
  limits.reassembly_bytes_max = 100;
  Reassembly reassembly(limits);
  EXPECT_FALSE(add(reassembly, whole_fragment(0, body_of(26))));
  EXPECT_FALSE(add(reassembly, whole_fragment(2, body_of(26))));
  EXPECT_EQ(add(reassembly, whole_fragment(1, body_of(70))), DiscardReason::reassembly_full);
  EXPECT_EQ(reassembly.held_bytes(), 60u);
}

}  // namespace
}  // namespace tocsin::dtls
