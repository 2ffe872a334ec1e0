#include "core/record/dtls_protection.h"

#include <algorithm>

#include "core/base/invariants.h"

namespace tocsin::record {

Result<Done> DtlsSealer::seal(ContentType type, ByteView content, Bytes& out, DtlsVersion version) {
  INVARIANT(records_are_well_formed, content.size() <= plaintext_bytes_max);
  // RFC 6347 4.1: sequence numbers MUST NOT wrap.
  if (next_sequence_ > dtls_sequence_max) return Fatal{Reason::record_sequence_exhausted};
  const std::size_t at = out.size(), length_bytes = overhead_bytes() - dtls_header_bytes + content.size();
  append(out, make_dtls_header({type, version, epoch_, next_sequence_, length_bytes}));
  if (protection_) {
    const RecordId12 id{full_sequence(epoch_, next_sequence_), type, static_cast<std::uint16_t>(version)};
    if (const auto sealed = protection_->seal(id, content, out); !sealed) {
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

Result<ByteView, Discarded> DtlsOpener::open(const DtlsRecord& record, std::size_t content_bytes_max, MutableBytes out) {
  const DtlsHeader& header = record.header;
  if (header.epoch != epoch_) return Discarded{DiscardReason::epoch_unknown};
  ByteView content = record.fragment;
  if (protection_) {
    if (const auto why = window_.refusal_of(header.sequence)) return Discarded{*why};
    const RecordId12 id{full_sequence(epoch_, header.sequence), header.type, static_cast<std::uint16_t>(header.version)};
    const MutableBytes opened = out.first(content_bytes_of(record));
    if (!protection_->open(id, record.fragment, opened)) return Discarded{DiscardReason::record_bad_mac};
    content = opened;
  }
  if (content.size() > content_bytes_max) return Discarded{DiscardReason::record_too_long};
  if (content.empty() && header.type != ContentType::application_data) return Discarded{DiscardReason::record_empty};
  if (protection_) window_.mark(header.sequence);
  ++records_opened_;
  return content;
}

}  // namespace tocsin::record
