#pragma once
// Record protection of TLS 1.2 and DTLS 1.2 with an AEAD (RFC 5246 6.2.3.3, RFC 9146 5.3): one direction under one key.
#include <cstddef>
#include <memory>

#include "core/record/header.h"
#include "tocsin/provider.h"

namespace tocsin::record::tls12 {

/// What a record's protection covers beside its content.
struct RecordId {
  std::uint64_t sequence;  // in DTLS with the epoch in its upper 16 bits (RFC 6347 4.1.2.1)
  ContentType type;
  std::uint16_t version;
  ByteView connection_id{};  // of DTLS, up to 255 bytes; not empty: the content is a DTLSInnerPlaintext, which holds the type
};

/// It does not count: whoever calls gives each record its number, and each number once only to seal.
class Protection {
 public:
  /// How much of a nonce comes from the key block: 4 bytes with AES-GCM (RFC 5288 3), all 12 with ChaCha20-Poly1305 (RFC 7905).
  static std::size_t fixed_iv_bytes(CipherSuite suite) {
    return aead_of(suite) == AeadAlgorithm::chacha20_poly1305 ? Aead::nonce_bytes : Aead::nonce_bytes - sequence_bytes;
  }
  /// How many bytes longer than its content a fragment is: 24 with AES-GCM, 16 with ChaCha20-Poly1305.
  static std::size_t overhead_bytes(CipherSuite suite) { return Aead::tag_bytes + Aead::nonce_bytes - fixed_iv_bytes(suite); }

  /// fixed_iv: fixed_iv_bytes of the suite.
  Protection(std::unique_ptr<Aead> aead, ByteView fixed_iv);

  std::size_t overhead_bytes() const { return explicit_nonce_bytes_ + Aead::tag_bytes; }
  /// What the record of this number is sealed with.
  Aead::Nonce nonce_of(std::uint64_t sequence) const;

  /// Appends a fragment, without a header: the explicit part of the nonce where there is one, which is the sequence number,
  /// then what is sealed: the content and, with a connection id, its type and so many zeros. Nothing is appended on failure.
  /// Reason: crypto_failed.
  Result<Done> seal(const RecordId& id, ByteView content, Bytes& out, std::size_t padding_bytes = 0);

  /// Opens a fragment. content: fragment.size() - overhead_bytes(), if the fragment is longer than that; it may not overlap the
  /// fragment; with a connection id a DTLSInnerPlaintext, of the type in the id regardless. Reason: record_bad_mac, also for a
  /// fragment too short to hold anything.
  Result<Done> open(const RecordId& id, ByteView fragment, MutableBytes content);

 private:
  static constexpr std::size_t sequence_bytes = 8;

  std::unique_ptr<Aead> aead_;
  std::size_t explicit_nonce_bytes_;
  Aead::Nonce iv_{};  // the fixed part, then zeros
};

}  // namespace tocsin::record::tls12
