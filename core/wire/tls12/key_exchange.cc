#include "core/wire/tls12/key_exchange.h"

#include "core/wire/fields.h"

namespace tocsin::wire::tls12 {
namespace {

constexpr std::uint8_t named_curve = 3;  // ECCurveType (RFC 8422 5.4)

template <class Message>
Result<Message> decode_empty(ByteView body) {
  if (!body.empty()) return Fatal{Reason::message_malformed};
  return Message{};
}

}  // namespace

void encode(const ServerEcdhParams& params, Writer& out) {
  out.u8(named_curve);
  write_code(out, params.group);
  out.vector8(params.public_key);
}

Result<ServerKeyExchange> decode_server_key_exchange(ByteView body) {
  Reader reader(body);
  ServerKeyExchange message;
  // What follows depends on it, and only named curves are left (RFC 8422 5.4).
  if (const std::uint8_t curve_type = reader.u8(); !reader.failed() && curve_type != named_curve)
    return Fatal{Reason::curve_type_unsupported};
  message.params.group = read_code<NamedGroup>(reader);
  message.params.public_key = reader.vector8(1);
  message.algorithm = read_code<SignatureScheme>(reader);
  message.signature = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const ServerKeyExchange& message, Writer& out) {
  write_message(out, message.type, [&] {
    encode(message.params, out);
    write_code(out, message.algorithm);
    out.vector16(message.signature);
  });
}

Result<ServerHelloDone> decode_server_hello_done(ByteView body) { return decode_empty<ServerHelloDone>(body); }

void encode(const ServerHelloDone& message, Writer& out) {
  write_message(out, message.type, [] {});
}

Result<ClientKeyExchange> decode_client_key_exchange(ByteView body) {
  Reader reader(body);
  ClientKeyExchange message{reader.vector8(1)};
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const ClientKeyExchange& message, Writer& out) {
  write_message(out, message.type, [&] { out.vector8(message.public_key); });
}

Result<HelloRequest> decode_hello_request(ByteView body) { return decode_empty<HelloRequest>(body); }

void encode(const HelloRequest& message, Writer& out) {
  write_message(out, message.type, [] {});
}

}  // namespace tocsin::wire::tls12
