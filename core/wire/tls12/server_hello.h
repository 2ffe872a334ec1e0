#pragma once
// ServerHello of TLS 1.2 (RFC 5246 section 7.4.1.3).
#include "core/wire/server_hello.h"

namespace tocsin::wire::tls12 {

struct ServerHello : ServerHelloExtensions {
  static constexpr HandshakeType type = HandshakeType::server_hello;

  std::uint16_t server_version = 0x0303;
  Random random{};
  ByteView session_id;  // 0 to 32 bytes
  CipherSuite cipher_suite{};
  std::uint8_t compression_method = 0;
  bool has_extensions = true;  // false: the message ends before them
};

/// body: the message without its header. Reasons: message_malformed, extension_malformed, _duplicate, _misplaced, _unsolicited.
Result<ServerHello> decode_server_hello(ByteView body);
void encode(const ServerHello& message, Writer& out);

}  // namespace tocsin::wire::tls12
