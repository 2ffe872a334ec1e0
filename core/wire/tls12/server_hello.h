#pragma once
// ServerHello of TLS 1.2 (RFC 5246 section 7.4.1.3).
#include "core/wire/server_hello.h"

namespace tocsin::wire::tls12 {

struct ServerHello {
  static constexpr HandshakeType type = HandshakeType::server_hello;

  std::uint16_t server_version = 0x0303;
  Random random{};
  ByteView session_id;  // 0 to 32 bytes
  CipherSuite cipher_suite{};
  std::uint8_t compression_method = 0;
  bool has_extensions = true;  // false: the message ends before them

  bool server_name = false;                         // the empty acknowledgement (RFC 6066 3)
  std::optional<ByteView> application_protocol;     // exactly one name, 1 to 255 bytes (RFC 7301 3.1)
  std::optional<std::uint16_t> record_size_limit;   // RFC 8449 4
  std::optional<ByteView> ec_point_formats;         // 1 to 255 formats (RFC 8422 5.2)
  bool extended_master_secret = false;              // RFC 7627 5.1
  std::optional<ByteView> renegotiated_connection;  // 0 to 255 bytes (RFC 5746 3.2)
  bool session_ticket = false;                      // a NewSessionTicket follows (RFC 5077 3.2)
  std::optional<ByteView> connection_id;            // 0 to 255 bytes (RFC 9146 3)
};

/// body: the message without its header. Reasons: message_malformed, extension_malformed, _duplicate, _misplaced, _unsolicited.
Result<ServerHello> decode_server_hello(ByteView body);
void encode(const ServerHello& message, Writer& out);

}  // namespace tocsin::wire::tls12
