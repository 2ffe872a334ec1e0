#include "core/wire/dtls/hello_verify_request.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<HelloVerifyRequest> decode_hello_verify_request(ByteView body) {
  Reader reader(body);
  HelloVerifyRequest request;
  request.server_version = reader.u16();
  request.cookie = reader.vector8();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return request;
}

void encode(const HelloVerifyRequest& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u16(message.server_version);
    out.vector8(message.cookie);
  });
}

Result<HelloParameters> split_dtls_client_hello(ByteView body) {
  Reader reader(body);
  reader.u16();
  read_random(reader);
  reader.vector8(0, 32);
  const std::size_t cookie_at = body.size() - reader.size();
  const ByteView cookie = reader.vector8();
  const std::size_t suites_at = body.size() - reader.size();
  reader.vector16(2);
  reader.vector8(1);
  if (reader.failed()) return Fatal{Reason::message_malformed};
  return HelloParameters{body.first(cookie_at), cookie, body.subspan(suites_at, body.size() - reader.size() - suites_at)};
}

}  // namespace tocsin::wire
