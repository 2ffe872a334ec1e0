#pragma once
// ClientHello (RFC 9846 section 4.2.2, RFC 5246 section 7.4.1.2) with the extensions that this library knows. Views look into
// the decoded bytes.
#include <array>
#include <optional>

#include "core/base/types.h"
#include "core/wire/extensions.h"
#include "tocsin/algorithms.h"

namespace tocsin::wire {

using Random = std::array<std::uint8_t, 32>;

struct ClientHello : ClientHelloExtensions {
  static constexpr HandshakeType type = HandshakeType::client_hello;

  std::uint16_t legacy_version = 0x0303;
  Random random{};
  ByteView legacy_session_id;           // 0 to 32 bytes
  std::optional<ByteView> dtls_cookie;  // 0 to 255 bytes; there in DTLS, and in DTLS only (RFC 6347 4.2.1)
  CodeList<CipherSuite> cipher_suites;  // at least one
  ByteView legacy_compression_methods;  // at least one byte
  bool has_extensions = true;           // false: the message ends here, as before TLS 1.2

  ByteView extensions;  // decoded messages only: the block as received, for what must not change after a HelloRetryRequest
};

/// body: the message without its 4-byte header. Reasons: message_malformed, extension_malformed, _duplicate, _misplaced,
/// pre_shared_key_not_last, pre_shared_key_binders_mismatch.
Result<ClientHello> decode_client_hello(ByteView body);
/// The same, of DTLS 1.2, with a dtls_cookie.
Result<ClientHello> decode_dtls_client_hello(ByteView body);
/// Appends header and body, the known extensions in a fixed order, pre_shared_key last; in the form of DTLS if there is a
/// dtls_cookie.
void encode(const ClientHello& message, Writer& out);

}  // namespace tocsin::wire
