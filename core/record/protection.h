#pragma once
// Record protection (RFC 8446 sections 5.2 to 5.5): one direction under one traffic key.
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "core/record/header.h"
#include "core/record/nonce.h"
#include "tocsin/provider.h"

namespace tocsin::record {

class Sealer {
 public:
  /// first_sequence: other than 0 in tests only.
  Sealer(std::unique_ptr<Aead> aead, const Aead::Nonce& iv, std::uint64_t first_sequence = 0)
      : aead_(std::move(aead)), iv_(iv), sequence_(first_sequence) {}

  /// Appends one record: header, then content || type || padding, sealed in place. content and padding together are at most
  /// 2^14 bytes. Nothing is appended on failure. Reasons: record_sequence_exhausted, crypto_failed.
  Result<Done> seal(ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out);

  std::uint64_t records_sealed() const { return sequence_; }

 private:
  std::unique_ptr<Aead> aead_;
  Aead::Nonce iv_;
  std::uint64_t sequence_;
  std::optional<Aead::Nonce> nonce_before_;  // what the last record used
};

/// How many bytes content, type and padding of a protected record are together; 0 if it is too short to have any.
std::size_t inner_bytes_of(ByteView record);

/// The type and length of what a protected record held.
struct Opened {
  ContentType type;
  std::size_t content_bytes;
};

class Opener {
 public:
  /// first_sequence: other than 0 in tests only.
  Opener(std::unique_ptr<Aead> aead, const Aead::Nonce& iv, std::uint64_t first_sequence = 0)
      : aead_(std::move(aead)), iv_(iv), sequence_(first_sequence) {}

  /// Opens one record: header and fragment, whole. The content is then at the begin of out, which is as long as the fragment
  /// without its tag, if the fragment is longer than that; out may begin where the fragment begins, or not overlap it at all.
  /// inner_bytes_max: the most that content, type and padding may be together (2^14 + 1, or the record_size_limit).
  /// Reasons: record_bad_mac (the sequence number does not move then), record_overflow, record_without_content_type,
  /// record_inner_type_wrong, record_sequence_exhausted.
  Result<Opened> open(ByteView record, std::size_t inner_bytes_max, MutableBytes out);
  /// In place.
  Result<Opened> open(MutableBytes record, std::size_t inner_bytes_max);

  std::uint64_t records_opened() const { return sequence_; }

 private:
  std::unique_ptr<Aead> aead_;
  Aead::Nonce iv_;
  std::uint64_t sequence_;
};

}  // namespace tocsin::record
