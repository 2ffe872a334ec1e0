#pragma once
// Fragments of handshake messages (RFC 6347 section 4.2.2): what a handshake record of DTLS holds.
#include <array>
#include <cstddef>
#include <optional>

#include "core/base/reader.h"
#include "core/base/types.h"
#include "tocsin/discard.h"
#include "tocsin/error.h"

namespace tocsin::wire {

constexpr std::size_t fragment_header_bytes = 12;
constexpr std::size_t message_header_bytes = 4;  // of TLS: type and length

struct FragmentHeader {
  HandshakeType type{};
  std::uint32_t length_bytes = 0;  // of the message's body
  std::uint16_t message_seq = 0;
  std::uint32_t fragment_offset_bytes = 0;
  std::uint32_t fragment_length_bytes = 0;
};
struct Fragment {
  FragmentHeader header;
  ByteView body;  // fragment_length_bytes
};

/// Takes the next fragment of a record, which may hold several. Nothing more can be read from a record with a discarded one.
/// Reasons: fragment_malformed, fragment_beyond_message.
Result<Fragment, Discarded> read_fragment(Reader& record);
std::array<std::uint8_t, fragment_header_bytes> make_fragment_header(const FragmentHeader& header);

/// The header of a whole message in one fragment, with which the transcript takes it however it was cut (RFC 6347 4.2.6).
/// message: as in TLS, with its 4-byte header.
std::array<std::uint8_t, fragment_header_bytes> whole_fragment_header(ByteView message, std::uint16_t message_seq);

}  // namespace tocsin::wire
