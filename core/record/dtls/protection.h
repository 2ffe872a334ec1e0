#pragma once
// The protection of DTLS 1.2 records (RFC 6347 section 4.1.2; with connection ids RFC 9146 section 4): one epoch in one
// direction, epoch 0 without any, and the two epochs that a handshake needs at a time.
#include <cstddef>
#include <optional>
#include <utility>

#include "core/record/dtls/header.h"
#include "core/record/dtls/replay_window.h"
#include "core/record/tls12/protection.h"

namespace tocsin::record {

/// What RFC 9146 adds to the records that are sent: the peer's connection id, and zeros that hide how long their content is.
struct RecordPadding {
  /// Up to 255 bytes; empty: nothing is added.
  Bytes connection_id{};
  /// Content, type and zeros fill whole blocks; 0: no zeros.
  std::size_t padding_block_bytes = 0;
  /// Content and zeros together are no more because of the zeros.
  std::size_t padded_bytes_max = plaintext_bytes_max - 1;
};

/// Writes the records of one epoch. It gives each a number of its own, also to what is sent anew.
class DtlsSealer {
 public:
  /// Epoch 0. A server that kept nothing before goes on with the number of the client's record (RFC 6347 4.2.1).
  static DtlsSealer plaintext(std::uint64_t first_sequence = 0) { return {0, std::nullopt, first_sequence}; }
  /// epoch: from 1 on. first_sequence: other than 0 in tests only.
  DtlsSealer(std::uint16_t epoch, tls12::Protection protection, std::uint64_t first_sequence = 0, RecordPadding padding = {})
      : DtlsSealer(epoch, std::optional(std::move(protection)), first_sequence, std::move(padding)) {}

  std::uint16_t epoch() const { return epoch_; }
  std::uint64_t records_sealed() const { return next_sequence_ - first_sequence_; }
  /// How much longer than its content a record without zeros is: the header, and what protects it.
  std::size_t overhead_bytes() const {
    return dtls_header_bytes + (protection_ ? protection_->overhead_bytes() : 0) + padding_.connection_id.size() + type_bytes();
  }
  /// The most that a record holds: 2^14, with a connection id less one for the type (RFC 9146 5).
  std::size_t content_bytes_max() const { return plaintext_bytes_max - type_bytes(); }

  /// Appends one whole record. content: at most content_bytes_max. room_bytes: how much content and zeros together may be, if
  /// zeros are added at all. Nothing is appended, and no number used, on failure. Reasons: record_sequence_exhausted,
  /// crypto_failed.
  Result<Done> seal(ContentType type, ByteView content, Bytes& out, DtlsVersion version = DtlsVersion::dtls12,
                    std::size_t room_bytes = 0);

 private:
  DtlsSealer(std::uint16_t epoch, std::optional<tls12::Protection> protection, std::uint64_t first_sequence,
             RecordPadding padding = {})
      : epoch_(epoch),
        protection_(std::move(protection)),
        padding_(std::move(padding)),
        first_sequence_(first_sequence),
        next_sequence_(first_sequence) {}
  std::size_t type_bytes() const { return padding_.connection_id.empty() ? 0 : 1; }
  std::size_t padding_bytes(std::size_t content_bytes, std::size_t room_bytes) const;

  std::uint16_t epoch_;
  std::optional<tls12::Protection> protection_;
  RecordPadding padding_;
  std::uint64_t first_sequence_, next_sequence_;
};

/// What a record held.
struct DtlsOpened {
  ContentType type{};
  ByteView content;
  bool is_newest = false;  // its number is higher than those of all that opened before in its epoch
};

/// Reads the records of one epoch; each once, if the epoch has keys.
class DtlsOpener {
 public:
  /// Epoch 0, without a replay window: anybody could move it on, and have the peer's own records refused.
  static DtlsOpener plaintext() { return {0, std::nullopt}; }
  /// epoch: from 1 on. connection_id: what its records must carry; empty: none.
  DtlsOpener(std::uint16_t epoch, tls12::Protection protection, Bytes connection_id = {})
      : DtlsOpener(epoch, std::optional(std::move(protection)), std::move(connection_id)) {}

  std::uint16_t epoch() const { return epoch_; }
  /// Those that opened.
  std::uint64_t records_opened() const { return records_opened_; }
  /// How much room it takes to open a record: what its fragment holds, its type and zeros included where it has them; 0 if it
  /// is too short to hold anything, and in epoch 0, where nothing has to be opened.
  std::size_t content_bytes_of(const DtlsRecord& record) const;

  /// What the record holds: in out, or in the record itself in epoch 0. content_bytes_max: 2^14, or less by record_size_limit.
  /// out: at least content_bytes_of the record; it may not overlap the record. Nothing changes but out when a record is
  /// discarded. Reasons: epoch_unknown, connection_id_unknown, connection_id_missing, record_replayed, record_too_old,
  /// record_bad_mac (whatever the crypto library has against it), record_too_long, inner_type_missing, inner_type_wrong,
  /// record_empty.
  Result<DtlsOpened, Discarded> open(const DtlsRecord& record, std::size_t content_bytes_max, MutableBytes out);

 private:
  DtlsOpener(std::uint16_t epoch, std::optional<tls12::Protection> protection, Bytes connection_id = {})
      : epoch_(epoch), protection_(std::move(protection)), connection_id_(std::move(connection_id)) {}

  std::uint16_t epoch_;
  std::optional<tls12::Protection> protection_;
  Bytes connection_id_;
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
  //= RFC 6347 4.1 //# Until the handshake has completed, implementations MUST accept packets from the old
  /// Null for an epoch of which there is nothing here.
  Half* of(std::uint16_t epoch) {
    if (current_.epoch() == epoch) return &current_;
    return previous_ && previous_->epoch() == epoch ? &*previous_ : nullptr;
  }
  /// From now on next is in force.
  void advance(Half next) { previous_.emplace(std::exchange(current_, std::move(next))); }

 private:
  Half current_;
  std::optional<Half> previous_;
};

}  // namespace tocsin::record
