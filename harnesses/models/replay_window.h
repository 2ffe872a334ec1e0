#pragma once
// A replay window that keeps every number, and so cannot be wrong (RFC 6347 section 4.1.2.6).
#include <optional>
#include <set>

#include "tocsin/discard.h"

namespace tocsin::harness {

class ModelReplayWindow {
 public:
  std::optional<DiscardReason> refusal_of(std::uint64_t sequence) const {
    constexpr std::uint64_t size_records = 64;
    if (seen_.empty() || sequence > *seen_.rbegin()) return std::nullopt;
    if (sequence + size_records <= *seen_.rbegin()) return DiscardReason::record_too_old;
    return seen_.count(sequence) != 0 ? std::optional(DiscardReason::record_replayed) : std::nullopt;
  }
  bool is_newest(std::uint64_t sequence) const { return seen_.empty() || sequence > *seen_.rbegin(); }
  void mark(std::uint64_t sequence) { seen_.insert(sequence); }

 private:
  std::set<std::uint64_t> seen_;
};

}  // namespace tocsin::harness
