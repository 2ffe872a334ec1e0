#pragma once
// The thirteen bytes before every DTLS record (RFC 6347 section 4.1), and the records of one datagram.
#include <array>
#include <cstddef>
#include <optional>

#include "core/base/types.h"
#include "core/record/header.h"
#include "tocsin/bytes.h"
#include "tocsin/discard.h"
#include "tocsin/error.h"

namespace tocsin::record {

constexpr std::size_t dtls_header_bytes = 13;
/// RFC 5246 6.2.3. No AEAD here makes a fragment that long; it only bounds what is looked at.
constexpr std::size_t dtls_ciphertext_bytes_max = plaintext_bytes_max + 2048;
/// Of 48 bits.
constexpr std::uint64_t dtls_sequence_max = (std::uint64_t{1} << 48) - 1;

enum class DtlsVersion : std::uint16_t {
  dtls10 = 0xfeff,  // of a first ClientHello and of a HelloVerifyRequest, whatever version comes of it (RFC 6347 4.2.1)
  dtls12 = 0xfefd,
};

struct DtlsHeader {
  ContentType type{};
  DtlsVersion version = DtlsVersion::dtls12;
  std::uint16_t epoch = 0;
  std::uint64_t sequence = 0;    // of 48 bits
  std::size_t length_bytes = 0;  // of the fragment
};

/// The epoch and the sequence number as one (RFC 6347 4.1.2.1).
constexpr std::uint64_t full_sequence(std::uint16_t epoch, std::uint64_t sequence) {
  return std::uint64_t{epoch} << 48 | sequence;
}

/// Which versions a record may have.
enum class DtlsVersions : std::uint8_t {
  initial,     // dtls12 and dtls10: no version is agreed on yet
  negotiated,  // dtls12
};

/// bytes: at least the header. Reasons: record_truncated if there are fewer, record_type_unknown, record_version_wrong,
/// record_too_long (beyond 2^14 in epoch 0, dtls_ciphertext_bytes_max in others).
Result<DtlsHeader, Discarded> parse_dtls_header(ByteView bytes, DtlsVersions versions);
std::array<std::uint8_t, dtls_header_bytes> make_dtls_header(const DtlsHeader& header);

struct DtlsRecord {
  DtlsHeader header;
  ByteView fragment;
};

/// Walks the records of a datagram. What cannot be parsed takes the rest of the datagram with it: nobody knows where the next
/// record would begin.
class DatagramReader {
 public:
  /// The datagram must outlive it and what it gives.
  DatagramReader(ByteView datagram, DtlsVersions versions)
      : rest_(datagram), versions_(versions), is_empty_(datagram.empty()) {}

  /// The next record, or why the rest is discarded; nothing at the end. Reasons: those of parse_dtls_header, datagram_empty,
  /// and record_truncated, too, for a fragment that does not fit.
  std::optional<Result<DtlsRecord, Discarded>> next();

 private:
  ByteView rest_;
  DtlsVersions versions_;
  bool is_empty_;
};

}  // namespace tocsin::record
