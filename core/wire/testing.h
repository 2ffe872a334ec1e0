#pragma once
// For unit tests of messages: pieces of them in wire form.
#include "core/base/testing.h"
#include "core/wire/extensions.h"

namespace tocsin::test {

constexpr std::size_t handshake_header_bytes = 4;

/// The message in wire form, with its header.
template <class Message>
Bytes encoded(const Message& message) {
  Bytes out;
  Writer writer(out);
  encode(message, writer);
  return out;
}

inline ByteView body_of(const Bytes& message) { return ByteView(message).subspan(handshake_header_bytes); }

inline Bytes extension(unsigned type, std::string_view body_hex) {
  Bytes out;
  Writer writer(out);
  wire::write_extension(writer, static_cast<wire::ExtensionType>(type), [&] { writer.bytes(from_hex(body_hex)); });
  return out;
}
inline Bytes extension(wire::ExtensionType type, std::string_view body_hex) {
  return extension(static_cast<unsigned>(type), body_hex);
}

inline Bytes behind_length16(const Bytes& body) {
  Bytes out;
  Writer(out).vector16(body);
  return out;
}

/// The list of server_name that holds this host name alone.
inline Bytes names_of(std::string_view host_name) {
  Bytes out;
  Writer writer(out);
  wire::ServerNameCodec::write(writer, {wire::ServerName::host_name, bytes_of(host_name)});
  return out;
}

}  // namespace tocsin::test
