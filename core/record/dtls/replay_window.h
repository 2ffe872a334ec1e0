#pragma once
// Which records of one epoch were received (RFC 6347 section 4.1.2.6): ask before a record is authenticated, mark it after.
#include <cstdint>
#include <optional>

#include "tocsin/discard.h"

namespace tocsin::record {

//= RFC 6347 4.1.2.6 //# The receiver packet counter for this session MUST be initialized to zero when the
//= RFC 6347 4.1.2.6 //# A minimum window size of 32 MUST be supported, but a window size of 64 is preferred and
class ReplayWindow {
 public:
  static constexpr std::uint64_t size_records = 64;

  /// Why a record with this number is not new; nothing if it may be. Reasons: record_replayed, record_too_old.
  std::optional<DiscardReason> refusal_of(std::uint64_t sequence) const;
  /// Whether it is higher than every number received.
  bool is_newest(std::uint64_t sequence) const { return sequence >= end_; }
  /// A record with this number, which refusal_of let pass, is authentic.
  void mark(std::uint64_t sequence);

 private:
  std::uint64_t end_ = 0;   // one past the highest number received
  std::uint64_t seen_ = 0;  // bit i: the record with number end_ - 1 - i was
};

}  // namespace tocsin::record
