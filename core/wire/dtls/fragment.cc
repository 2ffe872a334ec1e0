#include "core/wire/dtls/fragment.h"

#include "core/base/big_endian.h"

namespace tocsin::wire {

Result<Fragment, Discarded> read_fragment(Reader& record) {
  FragmentHeader header;
  header.type = static_cast<HandshakeType>(record.u8());
  header.length_bytes = record.u24();
  header.message_seq = record.u16();
  header.fragment_offset_bytes = record.u24();
  header.fragment_length_bytes = record.u24();
  const ByteView body = record.take(header.fragment_length_bytes);
  if (record.failed()) return Discarded{DiscardReason::fragment_malformed};
  if (header.fragment_offset_bytes + header.fragment_length_bytes > header.length_bytes) {
    record.fail();
    return Discarded{DiscardReason::fragment_beyond_message};
  }
  return Fragment{header, body};
}

std::array<std::uint8_t, fragment_header_bytes> make_fragment_header(const FragmentHeader& header) {
  std::array<std::uint8_t, fragment_header_bytes> bytes;
  const std::span<std::uint8_t, fragment_header_bytes> out = bytes;
  out[0] = static_cast<std::uint8_t>(header.type);
  store_big_endian(header.length_bytes, out.subspan<1, 3>());
  store_big_endian(header.message_seq, out.subspan<4, 2>());
  store_big_endian(header.fragment_offset_bytes, out.subspan<6, 3>());
  store_big_endian(header.fragment_length_bytes, out.subspan<9, 3>());
  return bytes;
}

std::array<std::uint8_t, fragment_header_bytes> whole_fragment_header(ByteView message, std::uint16_t message_seq) {
  const auto body_bytes = static_cast<std::uint32_t>(message.size() - message_header_bytes);
  return make_fragment_header({static_cast<HandshakeType>(message[0]), body_bytes, message_seq, 0, body_bytes});
}

}  // namespace tocsin::wire
