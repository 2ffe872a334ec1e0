#pragma once
// The protection of DTLS 1.2 records (RFC 6347 section 4.1.2): one epoch in one direction, epoch 0 without any, and the two
// epochs that a handshake needs at a time.
#include <cstddef>
#include <optional>
#include <utility>

#include "core/record/dtls_header.h"
#include "core/record/protection12.h"
#include "core/record/replay_window.h"

namespace tocsin::record {

/// Writes the records of one epoch. It gives each a number of its own, also to what is sent anew.
class DtlsSealer {
 public:
  /// Epoch 0. A server that kept nothing before goes on with the number of the client's record (RFC 6347 4.2.1).
  static DtlsSealer plaintext(std::uint64_t first_sequence = 0) { return {0, std::nullopt, first_sequence}; }
  /// epoch: from 1 on. first_sequence: other than 0 in tests only.
  DtlsSealer(std::uint16_t epoch, Protection12 protection, std::uint64_t first_sequence = 0)
      : DtlsSealer(epoch, std::optional(std::move(protection)), first_sequence) {}

  std::uint16_t epoch() const { return epoch_; }
  std::uint64_t records_sealed() const { return next_sequence_ - first_sequence_; }
  /// How much longer than its content a record is: the header, and what protects it.
  std::size_t overhead_bytes() const { return dtls_header_bytes + (protection_ ? protection_->overhead_bytes() : 0); }

  /// Appends one whole record. content: at most 2^14 bytes. Nothing is appended, and no number used, on failure. Reasons:
  /// record_sequence_exhausted, crypto_failed.
  Result<Done> seal(ContentType type, ByteView content, Bytes& out, DtlsVersion version = DtlsVersion::dtls12);

 private:
  DtlsSealer(std::uint16_t epoch, std::optional<Protection12> protection, std::uint64_t first_sequence)
      : epoch_(epoch), protection_(std::move(protection)), first_sequence_(first_sequence), next_sequence_(first_sequence) {}

  std::uint16_t epoch_;
  std::optional<Protection12> protection_;
  std::uint64_t first_sequence_, next_sequence_;
};

/// Reads the records of one epoch; each once, if the epoch has keys.
class DtlsOpener {
 public:
  /// Epoch 0, without a replay window: anybody could move it on, and have the peer's own records refused.
  static DtlsOpener plaintext() { return {0, std::nullopt}; }
  /// epoch: from 1 on.
  DtlsOpener(std::uint16_t epoch, Protection12 protection) : DtlsOpener(epoch, std::optional(std::move(protection))) {}

  std::uint16_t epoch() const { return epoch_; }
  /// Those that opened.
  std::uint64_t records_opened() const { return records_opened_; }
  /// How much room it takes to open a record: what its fragment holds, or none in epoch 0, where nothing has to be opened.
  std::size_t content_bytes_of(const DtlsRecord& record) const;

  /// What the record holds: in out, or in the record itself in epoch 0. content_bytes_max: 2^14, or less by record_size_limit.
  /// out: at least content_bytes_of the record; it may not overlap the record. Nothing changes but out when a record is
  /// discarded. Reasons: epoch_unknown, record_replayed, record_too_old, record_bad_mac (whatever the crypto library has
  /// against it), record_too_long, record_empty.
  Result<ByteView, Discarded> open(const DtlsRecord& record, std::size_t content_bytes_max, MutableBytes out);

 private:
  DtlsOpener(std::uint16_t epoch, std::optional<Protection12> protection) : epoch_(epoch), protection_(std::move(protection)) {}

  std::uint16_t epoch_;
  std::optional<Protection12> protection_;
  ReplayWindow window_;
  std::uint64_t records_opened_ = 0;
};

/// One direction of a connection: the epoch in force and, as long as a flight under it may have to be sent or read again, the
/// one before. Half: DtlsSealer or DtlsOpener.
template <class Half>
class Epochs {
 public:
  explicit Epochs(Half first) : current_(std::move(first)) {}

  Half& current() { return current_; }
  const Half& current() const { return current_; }
  /// Null for an epoch of which there is nothing here.
  Half* of(std::uint16_t epoch) {
    if (current_.epoch() == epoch) return &current_;
    return previous_ && previous_->epoch() == epoch ? &*previous_ : nullptr;
  }
  /// From now on next is in force.
  void advance(Half next) { previous_.emplace(std::exchange(current_, std::move(next))); }
  /// No flight under the one before is needed any more.
  void forget_previous() { previous_.reset(); }

 private:
  Half current_;
  std::optional<Half> previous_;
};

}  // namespace tocsin::record
