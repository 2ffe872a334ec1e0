#include "core/wire/tls12/server_hello.h"

#include "core/wire/fields.h"

namespace tocsin::wire::tls12 {

Result<ServerHello> decode_server_hello(ByteView body) {
  Reader reader(body);
  ServerHello hello;
  hello.server_version = reader.u16();
  hello.random = read_random(reader);
  hello.session_id = reader.vector8(0, 32);
  hello.cipher_suite = read_code<CipherSuite>(reader);
  hello.compression_method = reader.u8();
  hello.has_extensions = !reader.empty();
  const ByteView block = hello.has_extensions ? reader.vector16() : ByteView{};
  if (!reader.done()) return Fatal{Reason::message_malformed};

  TOCSIN_TRY(decode_extensions(block, Carrier::tls12_server_hello, hello));
  return hello;
}

void encode(const ServerHello& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u16(message.server_version);
    out.bytes(message.random);
    out.vector8(message.session_id);
    write_code(out, message.cipher_suite);
    out.u8(message.compression_method);
    if (message.has_extensions) write_extensions(message, out);
  });
}

}  // namespace tocsin::wire::tls12
