#pragma once
// Small flights for the unit tests of transformations.
#include "core/base/writer.h"
#include "harnesses/metamorphic/hello.h"

namespace tocsin::metamorphic {

inline Bytes record(ByteView content) {
  Bytes bytes{static_cast<std::uint8_t>(ContentType::handshake), 3, 3};
  Writer(bytes).vector16(content);
  return bytes;
}
inline Bytes change_cipher_spec() { return {20, 3, 3, 0, 1, 1}; }

inline Bytes message(HandshakeType type, std::size_t body_bytes) {
  Bytes bytes{static_cast<std::uint8_t>(type)};
  Writer(bytes).vector24(Bytes(body_bytes, 7));
  return bytes;
}

inline Hello client_hello(std::vector<Extension> extensions) {
  return {HandshakeType::client_hello, Bytes(35), {0x1301, 0x1302}, {0}, std::move(extensions)};
}
inline Hello server_hello(std::vector<Extension> extensions) {
  return {HandshakeType::server_hello, Bytes(35), {0xc02b}, {0}, std::move(extensions)};
}

}  // namespace tocsin::metamorphic
