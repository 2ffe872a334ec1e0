#pragma once
// What several messages have in common: the header, and fields that are read and written alike. For the files of this floor.
#include <algorithm>

#include "core/wire/client_hello.h"

namespace tocsin::wire {

/// A handshake message: its type, its length in three bytes, and what body writes (RFC 8446 4).
inline void write_message(Writer& out, HandshakeType type, auto&& body) {
  out.u8(static_cast<std::uint8_t>(type));
  out.with_length(3, body);
}

template <class Code>
void write_code(Writer& out, Code code) {
  out.u16(static_cast<std::uint16_t>(code));
}

template <class Code>
Code read_code(Reader& reader) {
  return static_cast<Code>(reader.u16());
}

/// Makes a list of what was read as its encoding, and fails if that is not a sequence of whole elements.
template <class List>
List read_list(Reader& reader, ByteView wire) {
  reader.require(List::is_valid(wire));
  return List(wire);
}

/// NamedGroup named_group_list<2..2^16-1>, SignatureScheme supported_signature_algorithms<2..2^16-2>, and their like.
template <class Code>
CodeList<Code> read_codes(Reader& reader) {
  return read_list<CodeList<Code>>(reader, reader.vector16(2));
}

template <class Code>
void write_codes(Writer& out, ExtensionType type, const std::optional<CodeList<Code>>& codes) {
  if (codes) write_extension(out, type, [&] { out.vector16(codes->wire()); });
}

inline Random read_random(Reader& reader) {
  Random random{};
  std::ranges::copy(reader.take(random.size()), random.begin());
  return random;
}

inline void write_key_share(Writer& out, const KeyShareEntry& entry) {
  write_code(out, entry.group);
  out.vector16(entry.key_exchange);
}

inline void write_record_size_limit(Writer& out, std::optional<std::uint16_t> limit_bytes) {
  if (limit_bytes) write_extension(out, ExtensionType::record_size_limit, [&] { out.u16(*limit_bytes); });
}

/// Those that ClientHello and ServerHello of TLS 1.2 have in the same form.
template <class Hello>
void write_extensions12(Writer& out, const Hello& hello) {
  if (hello.connection_id) write_extension(out, ExtensionType::connection_id, [&] { out.vector8(*hello.connection_id); });
  if (hello.ec_point_formats)
    write_extension(out, ExtensionType::ec_point_formats, [&] { out.vector8(*hello.ec_point_formats); });
  if (hello.extended_master_secret) write_extension(out, ExtensionType::extended_master_secret, [] {});
  if (hello.renegotiated_connection)
    write_extension(out, ExtensionType::renegotiation_info, [&] { out.vector8(*hello.renegotiated_connection); });
}

/// RFC 7301 3.1: the server's ProtocolNameList holds exactly one name.
inline ByteView read_selected_protocol(Reader& reader) {
  Reader list(reader.vector16(2));
  const ByteView name = list.vector8(1);
  reader.require(list.done());
  return name;
}

inline void write_selected_protocol(Writer& out, std::optional<ByteView> name) {
  if (name)
    write_extension(out, ExtensionType::application_layer_protocol_negotiation,
                    [&] { out.with_length(2, [&] { out.vector8(*name); }); });
}

inline void write_early_data(Writer& out, bool is_offered) {
  if (is_offered) write_extension(out, ExtensionType::early_data, [] {});
}

}  // namespace tocsin::wire
