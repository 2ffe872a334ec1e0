#include "core/record/dtls/replay_window.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/record/dtls/header.h"

namespace tocsin::record {
namespace {

/// Keeps every number. RFC 6347 4.1.2.6: the window's right edge is the highest number received.
class NaiveWindow {
 public:
  std::optional<DiscardReason> refusal_of(std::uint64_t sequence) const {
    if (seen_.empty() || sequence > *seen_.rbegin()) return std::nullopt;
    if (sequence + ReplayWindow::size_records <= *seen_.rbegin()) return DiscardReason::record_too_old;
    return seen_.count(sequence) != 0 ? std::optional(DiscardReason::record_replayed) : std::nullopt;
  }
  void mark(std::uint64_t sequence) { seen_.insert(sequence); }

 private:
  std::set<std::uint64_t> seen_;
};

//= RFC 6347 4.1.2.6 //# The receiver packet counter for this session MUST be initialized to zero when the
//= RFC 6347 4.1.2.6 //# For each received record, the receiver MUST verify that the record contains a sequence
//= RFC 6347 4.1.2.6 //# Duplicates are rejected through the use of a sliding receive window.
TEST(ReplayWindow, agrees_with_a_model_that_keeps_every_number) {
  std::mt19937_64 random(6347);
  for (int run = 0; run < 200; ++run) {
    ReplayWindow window;
    NaiveWindow naive;
    std::uint64_t at = run % 2 == 0 ? 0 : random() % dtls_sequence_max;
    const std::uint64_t jump = 1 + random() % 200;
    for (int step = 0; step < 500; ++step) {
      at = std::min(at + random() % jump, dtls_sequence_max);
      const std::uint64_t sequence = at - std::min(at, random() % 150);
      ASSERT_EQ(window.refusal_of(sequence), naive.refusal_of(sequence));
      if (naive.refusal_of(sequence) || random() % 4 == 0) continue;  // one in four does not authenticate
      window.mark(sequence);
      naive.mark(sequence);
    }
  }
}

//= RFC 6347 4.1.2.6 //# A minimum window size of 32 MUST be supported, but a window size of 64 is preferred and
//= RFC 6347 4.1.2.6 //# Records that contain sequence numbers lower than the "left" edge of the window are
TEST(ReplayWindow, both_edges_are_where_the_rfc_has_them) {
  ReplayWindow window;
  EXPECT_FALSE(window.refusal_of(0));
  window.mark(0);
  EXPECT_EQ(window.refusal_of(0), DiscardReason::record_replayed);
  window.mark(64);
  EXPECT_EQ(window.refusal_of(0), DiscardReason::record_too_old);
  EXPECT_FALSE(window.refusal_of(1));
  window.mark(1);
  EXPECT_EQ(window.refusal_of(1), DiscardReason::record_replayed);
  EXPECT_EQ(window.refusal_of(64), DiscardReason::record_replayed);
  EXPECT_FALSE(window.refusal_of(65));
}

TEST(ReplayWindow, a_number_that_was_only_asked_for_changes_nothing) {
  ReplayWindow window;
  window.mark(5);
  EXPECT_FALSE(window.refusal_of(dtls_sequence_max));
  EXPECT_FALSE(window.refusal_of(4));
  EXPECT_FALSE(window.refusal_of(4));
}

TEST(ReplayWindow, the_greatest_number_is_a_number_like_others) {
  ReplayWindow window;
  window.mark(dtls_sequence_max);
  EXPECT_EQ(window.refusal_of(dtls_sequence_max), DiscardReason::record_replayed);
  EXPECT_FALSE(window.refusal_of(dtls_sequence_max - 63));
  EXPECT_EQ(window.refusal_of(dtls_sequence_max - 64), DiscardReason::record_too_old);
}

}  // namespace
}  // namespace tocsin::record
