#pragma once
// What stands before every DTLS record, thirteen bytes (RFC 6347 section 4.1) and a connection id (RFC 9146 section 4), and the
// records of one datagram.
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
/// The type of a protected record with a connection id: what it holds has a type of its own, which is never this one (RFC 9146
/// 4).
inline constexpr ContentType tls12_cid{25};
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
  ByteView connection_id{};      // not empty exactly if type is tls12_cid

  std::size_t size_bytes() const { return dtls_header_bytes + connection_id.size(); }
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

/// bytes: at least the header, which a connection id in it looks into. connection_id_bytes: of those that this end receives; 0:
/// it wants none, and tls12_cid is a type like any other that it does not know. Reasons: record_truncated if there are fewer,
/// record_type_unknown, record_version_wrong, connection_id_unprotected, record_too_long (beyond 2^14 in epoch 0,
/// dtls_ciphertext_bytes_max in others).
Result<DtlsHeader, Discarded> parse_dtls_header(ByteView bytes, DtlsVersions versions, std::size_t connection_id_bytes = 0);
/// Without a connection id.
std::array<std::uint8_t, dtls_header_bytes> make_dtls_header(const DtlsHeader& header);
/// With the one that there is.
void append_dtls_header(const DtlsHeader& header, Bytes& out);

struct DtlsRecord {
  DtlsHeader header;
  ByteView fragment;

  std::size_t size_bytes() const { return header.size_bytes() + fragment.size(); }
};

/// Walks the records of a datagram. What cannot be parsed takes the rest of the datagram with it: nobody knows where the next
/// record would begin.
class DatagramReader {
 public:
  /// The datagram must outlive it and what it gives. connection_id_bytes: as for parse_dtls_header.
  DatagramReader(ByteView datagram, DtlsVersions versions, std::size_t connection_id_bytes = 0)
      : rest_(datagram), versions_(versions), connection_id_bytes_(connection_id_bytes), is_empty_(datagram.empty()) {}

  /// The next record, or why the rest is discarded; nothing at the end. Reasons: those of parse_dtls_header, datagram_empty,
  /// and record_truncated, too, for a fragment that does not fit.
  std::optional<Result<DtlsRecord, Discarded>> next();

 private:
  ByteView rest_;
  DtlsVersions versions_;
  std::size_t connection_id_bytes_;
  bool is_empty_;
};

}  // namespace tocsin::record
