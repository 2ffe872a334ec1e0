#pragma once
// HelloVerifyRequest (RFC 6347 section 4.2.1), and what a ClientHello must repeat when it answers one.
#include "core/base/types.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin {
class Writer;
}

namespace tocsin::wire {

struct HelloVerifyRequest {
  static constexpr HandshakeType type = HandshakeType::hello_verify_request;

  std::uint16_t server_version = 0xfeff;  // SHOULD be DTLS 1.0, whatever will be negotiated; clients MUST NOT conclude anything
  ByteView cookie;                        // 0 to 255 bytes
};

/// body: the message without its header. Reason: message_malformed.
Result<HelloVerifyRequest> decode_hello_verify_request(ByteView body);
/// Appends the 4-byte header and the body.
void encode(const HelloVerifyRequest& message, Writer& out);

/// A ClientHello of DTLS up to its extensions, cut around the cookie. Before and behind it stand the parameters that the answer
/// to a HelloVerifyRequest must repeat; the extensions need not be the same.
struct HelloParameters {
  ByteView before_cookie;  // version, random, session id
  ByteView cookie;
  ByteView behind_cookie;  // cipher suites, compression methods
};
/// body: the message without its header. Nothing behind the parameters is looked at. Reason: message_malformed.
Result<HelloParameters> split_dtls_client_hello(ByteView body);

}  // namespace tocsin::wire
