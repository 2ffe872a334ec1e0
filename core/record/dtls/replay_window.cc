#include "core/record/dtls/replay_window.h"

namespace tocsin::record {

std::optional<DiscardReason> ReplayWindow::refusal_of(std::uint64_t sequence) const {
  if (sequence >= end_) return std::nullopt;
  const std::uint64_t age = end_ - 1 - sequence;
  //= RFC 6347 4.1.2.6 //# Records that contain sequence numbers lower than the "left" edge of the window are
  if (age >= size_records) return DiscardReason::record_too_old;
  //= RFC 6347 4.1.2.6 //# For each received record, the receiver MUST verify that the record contains a sequence
  //= RFC 6347 4.1.2.6 //# Duplicates are rejected through the use of a sliding receive window.
  if ((seen_ >> age & 1) != 0) return DiscardReason::record_replayed;
  return std::nullopt;
}

void ReplayWindow::mark(std::uint64_t sequence) {
  if (sequence >= end_) {
    const std::uint64_t moved = sequence + 1 - end_;
    seen_ = moved < size_records ? seen_ << moved : 0;
    end_ = sequence + 1;
  }
  if (const std::uint64_t age = end_ - 1 - sequence; age < size_records) seen_ |= std::uint64_t{1} << age;
}

}  // namespace tocsin::record
