#pragma once
// The key exchange of TLS 1.2 over elliptic curves: ServerKeyExchange, ServerHelloDone, ClientKeyExchange (RFC 8422
// sections 5.4 and 5.7, RFC 5246 section 7.4.5); and HelloRequest (RFC 5246 section 7.4.1.1).
#include "core/base/reader.h"
#include "core/base/types.h"
#include "core/base/writer.h"
#include "tocsin/algorithms.h"
#include "tocsin/error.h"

namespace tocsin::wire::tls12 {

/// ServerECDHParams, which the signature covers.
struct ServerEcdhParams {
  NamedGroup group{};
  ByteView public_key;  // 1 to 255 bytes
};
void encode(const ServerEcdhParams& params, Writer& out);

struct ServerKeyExchange {
  static constexpr HandshakeType type = HandshakeType::server_key_exchange;
  ServerEcdhParams params;
  SignatureScheme algorithm{};
  ByteView signature;  // 0 to 65535 bytes
};
/// Reasons: message_malformed, curve_type_unsupported.
Result<ServerKeyExchange> decode_server_key_exchange(ByteView body);
void encode(const ServerKeyExchange& message, Writer& out);

struct ServerHelloDone {
  static constexpr HandshakeType type = HandshakeType::server_hello_done;
};
/// Reason: message_malformed, unless it is empty.
Result<ServerHelloDone> decode_server_hello_done(ByteView body);
void encode(const ServerHelloDone& message, Writer& out);

struct ClientKeyExchange {
  static constexpr HandshakeType type = HandshakeType::client_key_exchange;
  ByteView public_key;  // 1 to 255 bytes
};
/// Reason: message_malformed.
Result<ClientKeyExchange> decode_client_key_exchange(ByteView body);
void encode(const ClientKeyExchange& message, Writer& out);

struct HelloRequest {
  static constexpr HandshakeType type = HandshakeType::hello_request;
};
/// Reason: message_malformed, unless it is empty.
Result<HelloRequest> decode_hello_request(ByteView body);
void encode(const HelloRequest& message, Writer& out);

}  // namespace tocsin::wire::tls12
