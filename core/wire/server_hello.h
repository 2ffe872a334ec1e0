#pragma once
// ServerHello and HelloRetryRequest (RFC 9846 sections 4.2.3 and 4.2.4): one form on the wire, told apart by the random.
#include <variant>

#include "core/wire/client_hello.h"

namespace tocsin::wire {

/// SHA-256 of "HelloRetryRequest".
extern const Random hello_retry_request_random;

struct ServerHello : ServerHelloExtensions {
  static constexpr HandshakeType type = HandshakeType::server_hello;

  //= RFC 9846 4.2.3 //# Section 4.3.1), and the legacy_version field MUST be set to 0x0303, which is the
  //= RFC 9846 4.3.1 //# It MUST set the ServerHello.legacy_version field to 0x0303 (TLS 1.2).
  std::uint16_t legacy_version = 0x0303;
  Random random{};
  ByteView legacy_session_id_echo;  // 0 to 32 bytes
  CipherSuite cipher_suite{};
  //= RFC 9846 4.2.3 //# A single byte which MUST have the value 0.
  std::uint8_t legacy_compression_method = 0;
  bool has_extensions = true;
};

struct HelloRetryRequest : HelloRetryRequestExtensions {
  static constexpr HandshakeType type = HandshakeType::server_hello;

  std::uint16_t legacy_version = 0x0303;
  ByteView legacy_session_id_echo;
  CipherSuite cipher_suite{};
  std::uint8_t legacy_compression_method = 0;
};

/// body: the message without its 4-byte header. Reasons: message_malformed, extension_malformed, _duplicate, _misplaced,
/// _unsolicited. A ServerHello without supported_versions is one of TLS 1.2 or before (tls12/server_hello.h), whose extensions
/// are not looked at here beyond their framing.
Result<std::variant<ServerHello, HelloRetryRequest>> decode_server_hello(ByteView body);
void encode(const ServerHello& message, Writer& out);
void encode(const HelloRetryRequest& message, Writer& out);

}  // namespace tocsin::wire
