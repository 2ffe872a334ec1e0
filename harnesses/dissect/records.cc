#include "harnesses/dissect/records.h"

#include <algorithm>

#include "core/base/reader.h"

namespace tocsin::dissect {

std::optional<RecordHeader> read_record_header(ByteView bytes) {
  Reader reader(bytes);
  const RecordHeader header{static_cast<ContentType>(reader.u8()), reader.u16(), reader.u16()};
  return reader.failed() ? std::nullopt : std::optional(header);
}

std::optional<RecordView> take_record(ByteView& bytes) {
  const auto header = read_record_header(bytes);
  if (!header || bytes.size() - RecordHeader::size_bytes < header->length_bytes) return std::nullopt;
  const ByteView whole = bytes.first(RecordHeader::size_bytes + header->length_bytes);
  bytes = bytes.subspan(whole.size());
  return RecordView{*header, whole.subspan(RecordHeader::size_bytes), whole};
}

std::optional<MessageView> take_message(ByteView& content) {
  Reader reader(content);
  const auto type = static_cast<HandshakeType>(reader.u8());
  const ByteView body = reader.vector24();
  if (reader.failed()) return std::nullopt;
  const ByteView whole = content.first(MessageView::header_bytes + body.size());
  content = content.subspan(whole.size());
  return MessageView{type, body, whole};
}

std::optional<DtlsRecordView> take_dtls_record(ByteView& datagram, std::size_t connection_id_bytes) {
  Reader reader(datagram);
  DtlsRecordView record{static_cast<ContentType>(reader.u8()), reader.u16(), reader.u16(), 0, 0, {}};
  record.sequence = std::uint64_t{reader.u16()} << 32;
  record.sequence |= reader.u32();
  if (record.type == DtlsRecordView::tls12_cid) record.connection_id = reader.take(connection_id_bytes);
  record.length_bytes = reader.u16();
  if (reader.failed()) return std::nullopt;
  record.fragment = reader.take(std::min(record.length_bytes, reader.size()));
  datagram = datagram.last(reader.size());
  return record;
}

std::vector<FragmentView> fragments_of(const DtlsRecordView& record) {
  std::vector<FragmentView> fragments;
  if (record.type != ContentType::handshake) return fragments;
  for (Reader reader(record.fragment); !reader.empty();) {
    FragmentView& fragment = fragments.emplace_back();
    fragment.type = static_cast<HandshakeType>(reader.u8());
    fragment.length_bytes = reader.u24();
    fragment.message_seq = reader.u16();
    fragment.offset_bytes = reader.u24();
    fragment.fragment_bytes = reader.u24();
    if (reader.failed()) {
      fragment = FragmentView{.is_header_whole = false};
      break;
    }
    fragment.body = reader.take(std::min<std::size_t>(fragment.fragment_bytes, reader.size()));
  }
  return fragments;
}

}  // namespace tocsin::dissect
