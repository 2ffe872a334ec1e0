#include "core/record/dtls/protection.h"

#include <algorithm>

#include "core/base/invariants.h"

namespace tocsin::record {

std::size_t DtlsSealer::padding_bytes(std::size_t content_bytes, std::size_t room_bytes) const {
  if (padding_.connection_id.empty()) return 0;
  return zeros_to_block(content_bytes, padding_.padding_block_bytes, std::min(room_bytes, padding_.padded_bytes_max));
}

Result<Done> DtlsSealer::seal(ContentType type, ByteView content, Bytes& out, DtlsVersion version, std::size_t room_bytes) {
  //= RFC 6347 4.1 //# As in TLS 1.2, the length should not exceed 2^14.
  INVARIANT(records_are_well_formed, content.size() <= content_bytes_max());
  // RFC 6347 4.1: sequence numbers MUST NOT wrap.
  //= RFC 6347 4.1 //# As in TLS, implementations MUST either abandon an association or rehandshake prior to
  if (next_sequence_ > dtls_sequence_max) return Fatal{Reason::record_sequence_exhausted};
  const ByteView connection_id = padding_.connection_id;
  const std::size_t at = out.size(), zeros_bytes = padding_bytes(content.size(), room_bytes);
  const std::size_t fragment_bytes = overhead_bytes() - dtls_header_bytes - connection_id.size() + content.size() + zeros_bytes;
  const ContentType outer_type = connection_id.empty() ? type : tls12_cid;
  append_dtls_header({outer_type, version, epoch_, next_sequence_, fragment_bytes, connection_id}, out);
  if (protection_) {
    const tls12::RecordId id{full_sequence(epoch_, next_sequence_), type, static_cast<std::uint16_t>(version), connection_id};
    if (const auto sealed = protection_->seal(id, content, out, zeros_bytes); !sealed) {
      out.resize(at);
      return sealed;
    }
  } else {
    append(out, content);
  }
  ++next_sequence_;
  return Done{};
}

std::size_t DtlsOpener::content_bytes_of(const DtlsRecord& record) const {
  if (!protection_) return 0;
  return record.fragment.size() - std::min(record.fragment.size(), protection_->overhead_bytes());
}

namespace {

/// RFC 9146 4: the content, its type, then zeros. Of the four types none may be wrapped once more. Its time tells nobody but
/// the peer anything, who has authenticated all of it (RFC 9846 5.4).
Result<DtlsOpened, Discarded> unwrap(ByteView inner) {
  if (inner.size() > plaintext_bytes_max) return Discarded{DiscardReason::record_too_long};  // RFC 9146 5
  while (!inner.empty() && inner.back() == 0) inner = inner.first(inner.size() - 1);
  if (inner.empty()) return Discarded{DiscardReason::inner_type_missing};
  const auto type = static_cast<ContentType>(inner.back());
  if (type < ContentType::change_cipher_spec || type > ContentType::application_data)
    return Discarded{DiscardReason::inner_type_wrong};
  return DtlsOpened{type, inner.first(inner.size() - 1)};
}

}  // namespace

Result<DtlsOpened, Discarded> DtlsOpener::open(const DtlsRecord& record, std::size_t content_bytes_max, MutableBytes out) {
  const DtlsHeader& header = record.header;
  if (header.epoch != epoch_) return Discarded{DiscardReason::epoch_unknown};
  if (!std::ranges::equal(header.connection_id, connection_id_))
    return Discarded{header.connection_id.empty() ? DiscardReason::connection_id_missing
                                                  : DiscardReason::connection_id_unknown};
  DtlsOpened opened{header.type, record.fragment};
  if (protection_) {
    if (const auto why = window_.refusal_of(header.sequence)) return Discarded{*why};
    const tls12::RecordId id{full_sequence(epoch_, header.sequence), header.type, static_cast<std::uint16_t>(header.version),
                             header.connection_id};
    const MutableBytes plaintext = out.first(content_bytes_of(record));
    //= RFC 6347 4.1.2.1 //# In DTLS, the receiving implementation MAY simply discard the offending record and
    //= RFC 6347 4.1.2.1 //# In general, DTLS implementations SHOULD silently discard records with bad MACs or that
    //= RFC 6347 4.1.2.6 //# If the MAC validation fails, the receiver MUST discard the received record as invalid.
    if (!protection_->open(id, record.fragment, plaintext)) return Discarded{DiscardReason::record_bad_mac};
    opened.content = plaintext;
    if (!connection_id_.empty()) {
      TOCSIN_TRY_SET(opened, unwrap(plaintext));
    }
  }
  if (opened.content.size() > content_bytes_max) return Discarded{DiscardReason::record_too_long};
  if (opened.content.empty() && opened.type != ContentType::application_data) return Discarded{DiscardReason::record_empty};
  if (protection_) {
    opened.is_newest = window_.is_newest(header.sequence);
    //= RFC 6347 4.1.2.6 //# The receive window is updated only if the MAC verification succeeds.
    window_.mark(header.sequence);
  }
  ++records_opened_;
  return opened;
}

}  // namespace tocsin::record
