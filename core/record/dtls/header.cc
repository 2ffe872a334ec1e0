#include "core/record/dtls/header.h"

#include <utility>

#include "core/base/big_endian.h"
#include "core/base/reader.h"

namespace tocsin::record {
namespace {

bool is_known(ContentType type) { return type >= ContentType::change_cipher_spec && type <= ContentType::application_data; }

bool is_allowed(DtlsVersion version, DtlsVersions versions) {
  return version == DtlsVersion::dtls12 || (version == DtlsVersion::dtls10 && versions == DtlsVersions::initial);
}

}  // namespace

Result<DtlsHeader, Discarded> parse_dtls_header(ByteView bytes, DtlsVersions versions, std::size_t connection_id_bytes) {
  Reader reader(bytes);
  DtlsHeader header;
  header.type = static_cast<ContentType>(reader.u8());
  header.version = static_cast<DtlsVersion>(reader.u16());
  header.epoch = reader.u16();
  header.sequence = std::uint64_t{reader.u16()} << 32;
  header.sequence |= reader.u32();
  const bool has_connection_id = header.type == tls12_cid && connection_id_bytes != 0;
  if (has_connection_id) header.connection_id = reader.take(connection_id_bytes);
  header.length_bytes = reader.u16();
  if (reader.failed()) return Discarded{DiscardReason::record_truncated};
  if (!is_known(header.type) && !has_connection_id) return Discarded{DiscardReason::record_type_unknown};
  if (!is_allowed(header.version, versions)) return Discarded{DiscardReason::record_version_wrong};
  if (has_connection_id && header.epoch == 0) return Discarded{DiscardReason::connection_id_unprotected};
  if (header.length_bytes > (header.epoch == 0 ? plaintext_bytes_max : dtls_ciphertext_bytes_max))
    return Discarded{DiscardReason::record_too_long};
  return header;
}

std::array<std::uint8_t, dtls_header_bytes> make_dtls_header(const DtlsHeader& header) {
  std::array<std::uint8_t, dtls_header_bytes> bytes;
  const std::span<std::uint8_t, dtls_header_bytes> out = bytes;
  out[0] = static_cast<std::uint8_t>(header.type);
  store_big_endian(static_cast<std::uint16_t>(header.version), out.subspan<1, 2>());
  store_big_endian(full_sequence(header.epoch, header.sequence), out.subspan<3, 8>());
  store_big_endian(header.length_bytes, out.subspan<11, 2>());
  return bytes;
}

void append_dtls_header(const DtlsHeader& header, Bytes& out) {
  constexpr std::size_t length_field_bytes = 2;
  const auto plain = make_dtls_header(header);
  append(out, ByteView(plain).first(dtls_header_bytes - length_field_bytes));
  append(out, header.connection_id);
  append(out, ByteView(plain).last(length_field_bytes));
}

//= RFC 6347 4.1.1 //# Note, however, that the first byte of the datagram payload must be the beginning of a
std::optional<Result<DtlsRecord, Discarded>> DatagramReader::next() {
  if (std::exchange(is_empty_, false)) return Discarded{DiscardReason::datagram_empty};
  if (rest_.empty()) return std::nullopt;
  const ByteView bytes = std::exchange(rest_, {});
  const auto header = parse_dtls_header(bytes, versions_, connection_id_bytes_);
  if (!header) return header.error();
  const ByteView behind = bytes.subspan(header->size_bytes());
  //= RFC 6347 4.1.1 //# Records may not span datagrams.
  if (header->length_bytes > behind.size()) return Discarded{DiscardReason::record_truncated};
  rest_ = behind.subspan(header->length_bytes);
  return DtlsRecord{*header, behind.first(header->length_bytes)};
}

}  // namespace tocsin::record
