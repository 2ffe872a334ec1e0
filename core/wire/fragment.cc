#include "core/wire/fragment.h"

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
  std::array<std::uint8_t, fragment_header_bytes> bytes{};
  const auto put = [&](std::size_t at, std::size_t size, std::uint32_t value) {
    for (std::size_t i = size; i-- > 0; value >>= 8) bytes[at + i] = static_cast<std::uint8_t>(value);
  };
  put(0, 1, static_cast<std::uint8_t>(header.type));
  put(1, 3, header.length_bytes);
  put(4, 2, header.message_seq);
  put(6, 3, header.fragment_offset_bytes);
  put(9, 3, header.fragment_length_bytes);
  return bytes;
}

std::array<std::uint8_t, fragment_header_bytes> whole_fragment_header(ByteView message, std::uint16_t message_seq) {
  const auto body_bytes = static_cast<std::uint32_t>(message.size() - message_header_bytes);
  return make_fragment_header({static_cast<HandshakeType>(message[0]), body_bytes, message_seq, 0, body_bytes});
}

}  // namespace tocsin::wire
