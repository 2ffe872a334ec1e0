#include "harnesses/metamorphic/datagrams.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/writer.h"
#include "core/record/header.h"
#include "harnesses/dissect/records.h"

namespace tocsin::metamorphic {
namespace {

using dissect::DtlsRecordView;
using dissect::FragmentView;

struct Record {
  DtlsRecordView view;
  ByteView bytes;  // with the header
};

// Nothing if one of them is none behind which every stack reads on.
std::optional<std::vector<Record>> records_of(ByteView datagram, std::size_t connection_id_bytes) {
  std::vector<Record> records;
  while (!datagram.empty()) {
    const ByteView before = datagram;
    const auto record = dissect::take_dtls_record(datagram, connection_id_bytes);
    if (!record || !record->is_whole() || record->length_bytes > record::plaintext_bytes_max) return std::nullopt;
    const bool has_id = record->type == DtlsRecordView::tls12_cid;
    const bool is_known = (record->type >= ContentType::change_cipher_spec && record->type <= ContentType::application_data) ||
                          (has_id && connection_id_bytes != 0 && record->epoch != 0);
    const bool is_of_dtls = record->version == 0xfefd || (record->version == 0xfeff && record->epoch == 0);
    if (!is_known || !is_of_dtls) return std::nullopt;
    records.push_back({*record, before.first(before.size() - datagram.size())});
  }
  if (records.empty()) return std::nullopt;
  return records;
}

bool is_plaintext_handshake(const DtlsRecordView& record) {
  return record.type == ContentType::handshake && record.epoch == 0 && !record.fragment.empty();
}
bool is_hello(const DtlsRecordView& record) {
  return is_plaintext_handshake(record) && record.fragment[0] == static_cast<std::uint8_t>(HandshakeType::client_hello);
}

Bytes numbered(const DtlsRecordView& record, std::uint64_t sequence, ByteView fragment) {
  Bytes bytes;
  Writer writer(bytes);
  writer.u8(static_cast<std::uint8_t>(record.type));
  writer.u16(record.version);
  writer.u16(record.epoch);
  writer.u16(static_cast<std::uint16_t>(sequence >> 32));
  writer.u32(static_cast<std::uint32_t>(sequence));
  writer.vector16(fragment);
  return bytes;
}

// The only one of the record, if it can be cut.
std::optional<FragmentView> fragment_to_cut(const DtlsRecordView& record) {
  if (!is_plaintext_handshake(record)) return std::nullopt;
  const auto fragments = dissect::fragments_of(record);
  const FragmentView& one = fragments[0];
  if (fragments.size() != 1 || !one.is_header_whole || !one.is_whole() || one.fragment_bytes < 2) return std::nullopt;
  const bool is_within = std::uint64_t{one.offset_bytes} + one.fragment_bytes <= one.length_bytes;
  const bool stays_whole =
      one.is_whole_message() && (one.type == HandshakeType::client_hello || one.type == HandshakeType::hello_verify_request);
  if (!is_within || stays_whole) return std::nullopt;
  return one;
}

constexpr std::uint64_t pieces_max = 4;

// The pieces cover the fragment, and some overlap.
void append_pieces(const DtlsRecordView& record, const FragmentView& whole, Draw& draw, Bytes& datagram) {
  std::uint64_t sequence = record.sequence * pieces_max;
  const std::size_t pieces = 1 + draw.below(pieces_max);
  for (std::size_t piece = 0, begin = 0; begin < whole.body.size(); ++piece) {
    constexpr std::size_t overlap_bytes_max = 4;
    const std::size_t left = whole.body.size() - begin;
    const std::size_t end = piece + 1 == pieces ? whole.body.size() : begin + 1 + draw.below(left);
    const std::size_t from = begin - std::min(begin, draw.below(overlap_bytes_max));
    Bytes fragment;
    Writer writer(fragment);
    writer.u8(static_cast<std::uint8_t>(whole.type));
    writer.u24(whole.length_bytes);
    writer.u16(whole.message_seq);
    writer.u24(static_cast<std::uint32_t>(whole.offset_bytes + from));
    writer.u24(static_cast<std::uint32_t>(end - from));
    writer.bytes(whole.body.subspan(from, end - from));
    append(datagram, numbered(record, sequence++, fragment));
    begin = end;
  }
}

Deliveries cut_fragments(Deliveries all, std::size_t connection_id_bytes, Draw& draw) {
  constexpr std::uint64_t sequences = std::uint64_t{1} << 48;
  for (Delivery& one : all) {
    const auto records = records_of(one.datagram, connection_id_bytes);
    if (!records ||
        std::ranges::any_of(*records, [](const Record& record) { return record.view.sequence >= sequences / pieces_max; }))
      continue;
    Bytes datagram;
    for (const Record& record : *records) {
      if (const auto fragment = fragment_to_cut(record.view))
        append_pieces(record.view, *fragment, draw, datagram);
      else if (record.view.epoch == 0)
        append(datagram, numbered(record.view, record.view.sequence * pieces_max, record.view.fragment));
      else
        append(datagram, record.bytes);
    }
    one.datagram = std::move(datagram);
  }
  return all;
}

// A record belongs to one datagram or to the next one.
Deliveries group_records(Deliveries all, std::size_t connection_id_bytes, Draw& draw) {
  constexpr std::size_t datagram_bytes_max = 1u << 14;
  Deliveries grouped;
  bool is_open = false, has_hello = false;  // the last one may get another record; it has a ClientHello
  for (Delivery& one : all) {
    const auto records = records_of(one.datagram, connection_id_bytes);
    const auto hellos =
        records ? std::ranges::count_if(*records, [](const Record& record) { return is_hello(record.view); }) : 0;
    if (!records || hellos > 1) {
      grouped.push_back(std::move(one));
      is_open = false;
      continue;
    }
    for (const Record& record : *records) {
      const bool is_new = !is_open || (has_hello && is_hello(record.view)) || draw.below(2) == 0 ||
                          grouped.back().datagram.size() + record.bytes.size() > datagram_bytes_max;
      if (is_new) {
        grouped.emplace_back();
        has_hello = false;
      }
      append(grouped.back().datagram, record.bytes);
      has_hello = has_hello || is_hello(record.view);
      is_open = true;
    }
  }
  return grouped;
}

Deliveries double_datagrams(Deliveries all, std::size_t, Draw& draw) {
  Deliveries doubled;
  for (Delivery& one : all) {
    if (draw.below(2) == 0) doubled.push_back(one);
    doubled.push_back(std::move(one));
  }
  return doubled;
}

// What must be discarded, whatever there is at the address: no key is for it.
Bytes stray(Draw& draw) {
  constexpr std::size_t content_bytes_max = 64;
  DtlsRecordView record{
      .type = ContentType::application_data, .version = 0xfefd, .epoch = 0, .sequence = 0, .length_bytes = 0, .fragment = {}};
  record.sequence = draw.below(std::size_t{1} << 48);
  const Bytes content = draw.bytes(1 + draw.below(content_bytes_max));
  switch (draw.below(4)) {
    case 0:  // of a type that is not defined
      record.type = static_cast<ContentType>(99);
      break;
    case 1:  // of an epoch without keys, or with others
      record.epoch = static_cast<std::uint16_t>(1 + draw.below(5));
      break;
    case 2:  // of TLS
      record.version = 0x0303;
      break;
    case 3: {  // cut off
      record.type = ContentType::handshake;
      Bytes bytes = numbered(record, record.sequence, content);
      bytes.resize(draw.below(bytes.size()));
      return bytes;
    }
  }
  return numbered(record, record.sequence, content);
}

Deliveries add_strays(Deliveries all, std::size_t, Draw& draw) {
  Deliveries with_strays;
  for (Delivery& one : all) {
    if (draw.below(2) == 0) with_strays.push_back({stray(draw), true});
    with_strays.push_back(std::move(one));
  }
  return with_strays;
}

constexpr DatagramStep steps[] = {
    {"fragments cut otherwise", "RFC 6347 4.2.3", cut_fragments},
    {"records in other datagrams", "RFC 6347 4.1.1", group_records},
    {"datagrams doubled", "RFC 6347 4.1.2.6", double_datagrams},
    {"strays in between", "RFC 6347 4.1.2.7", add_strays},
};

}  // namespace

std::span<const DatagramStep> datagram_steps() { return steps; }

}  // namespace tocsin::metamorphic
