#pragma once
// Record protection on a stream (RFC 9846 sections 5.2 to 5.5; RFC 5246 section 6.2.3.3): one direction under one key, whose
// sequence numbers are counted here.
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "core/record/header.h"
#include "core/record/nonce.h"
#include "core/record/tls12/protection.h"
#include "tocsin/provider.h"

namespace tocsin::record {

/// The keys of TLS 1.3.
struct KeyedAead {
  std::unique_ptr<Aead> aead;
  Aead::Nonce iv;
};
using Keys = std::variant<KeyedAead, tls12::Protection>;

class Sealer {
 public:
  //= RFC 9846 5.3 //# the first record transmitted under a particular traffic key MUST use sequence number 0.
  /// first_sequence: other than 0 in tests only.
  Sealer(std::unique_ptr<Aead> aead, const Aead::Nonce& iv, std::uint64_t first_sequence = 0)
      : keys_(KeyedAead{std::move(aead), iv}), sequence_(first_sequence) {}
  explicit Sealer(tls12::Protection keys, std::uint64_t first_sequence = 0)
      : keys_(std::move(keys)), sequence_(first_sequence) {}

  /// Appends one record: header, then content || type || padding, sealed in place; in TLS 1.2 the content alone, without
  /// padding. content and padding together are at most 2^14 bytes. Nothing is appended on failure. Reasons:
  /// record_sequence_exhausted, crypto_failed.
  Result<Done> seal(ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out);

  std::uint64_t records_sealed() const { return sequence_; }
  bool is_tls12() const { return std::holds_alternative<tls12::Protection>(keys_); }

 private:
  Result<Done> seal_with(KeyedAead& keys, ContentType type, ByteView content, std::size_t padding_bytes, Bytes& out);
  Result<Done> seal_with(tls12::Protection& keys, ContentType type, ByteView content, Bytes& out);

  Keys keys_;
  std::uint64_t sequence_;
  std::optional<Aead::Nonce> nonce_before_;  // what the last record used
};

/// The type and length of what a protected record held.
struct Opened {
  ContentType type;
  std::size_t content_bytes;
};

class Opener {
 public:
  /// first_sequence: other than 0 in tests only.
  Opener(std::unique_ptr<Aead> aead, const Aead::Nonce& iv, std::uint64_t first_sequence = 0)
      : keys_(KeyedAead{std::move(aead), iv}), sequence_(first_sequence) {}
  explicit Opener(tls12::Protection keys, std::uint64_t first_sequence = 0)
      : keys_(std::move(keys)), sequence_(first_sequence) {}

  /// How many bytes a protected record holds: content, in TLS 1.3 with type and padding; 0 if it is too short to have any.
  std::size_t inner_bytes_of(ByteView record) const;

  /// Opens one record: header and fragment, whole. The content is then at the begin of out, which is inner_bytes_of the record
  /// long; out may begin where what is sealed begins, or not overlap the record at all. inner_bytes_max: the most that content
  /// and type, and in TLS 1.3 the padding, may be together (2^14 + 1, or the record_size_limit).
  /// Reasons: record_bad_mac (the sequence number does not move then), record_overflow, record_without_content_type,
  /// record_inner_type_wrong, record_sequence_exhausted.
  Result<Opened> open(ByteView record, std::size_t inner_bytes_max, MutableBytes out);
  /// In place, for TLS 1.3.
  Result<Opened> open(MutableBytes record, std::size_t inner_bytes_max);

  std::uint64_t records_opened() const { return sequence_; }
  bool is_tls12() const { return std::holds_alternative<tls12::Protection>(keys_); }

 private:
  std::size_t overhead_bytes() const;
  Result<Opened> open_with(KeyedAead& keys, ByteView record, std::size_t inner_bytes_max, MutableBytes out);
  Result<Opened> open_with(tls12::Protection& keys, ByteView record, std::size_t inner_bytes_max, MutableBytes out);

  Keys keys_;
  std::uint64_t sequence_;
};

}  // namespace tocsin::record
