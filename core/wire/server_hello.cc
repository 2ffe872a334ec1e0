#include "core/wire/server_hello.h"

#include "core/wire/fields.h"

namespace tocsin::wire {
namespace {

using Hello = std::variant<ServerHello, HelloRetryRequest>;

bool carries(ByteView block, ExtensionType type) {
  for (const Extension& extension : ExtensionList(block))
    if (extension.type == type) return true;
  return false;
}

Result<Hello> decode_server_hello_extensions(ServerHello hello, ByteView block) {
  if (!ExtensionList::is_valid(block)) return Fatal{Reason::extension_malformed};
  if (!carries(block, ExtensionType::supported_versions)) return Hello(hello);
  TOCSIN_TRY(decode_extensions(block, Carrier::server_hello, hello));
  return Hello(hello);
}

Result<Hello> decode_hello_retry_request_extensions(const ServerHello& hello, ByteView block) {
  HelloRetryRequest retry;
  retry.legacy_version = hello.legacy_version;
  retry.legacy_session_id_echo = hello.legacy_session_id_echo;
  retry.cipher_suite = hello.cipher_suite;
  retry.legacy_compression_method = hello.legacy_compression_method;
  TOCSIN_TRY(decode_extensions(block, Carrier::hello_retry_request, retry));
  return Hello(retry);
}

/// What stands before the extensions; a HelloRetryRequest has the same fields and a random of its own.
template <class Message>
void write_fields(const Message& message, const Random& random, Writer& out) {
  out.u16(message.legacy_version);
  out.bytes(random);
  out.vector8(message.legacy_session_id_echo);
  write_code(out, message.cipher_suite);
  out.u8(message.legacy_compression_method);
}

}  // namespace

const Random hello_retry_request_random = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                           0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                           0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

Result<Hello> decode_server_hello(ByteView body) {
  Reader reader(body);
  ServerHello hello;
  hello.legacy_version = reader.u16();
  hello.random = read_random(reader);
  hello.legacy_session_id_echo = reader.vector8(0, 32);
  hello.cipher_suite = read_code<CipherSuite>(reader);
  hello.legacy_compression_method = reader.u8();
  //= RFC 9846 4.2.3 //# implementations MUST first examine the Random value and, if it matches this value,
  const bool is_retry = hello.random == hello_retry_request_random;
  hello.has_extensions = is_retry || !reader.empty();  // a ServerHello of TLS 1.2 or before may end here
  const ByteView block = hello.has_extensions ? reader.vector16() : ByteView{};
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return is_retry ? decode_hello_retry_request_extensions(hello, block) : decode_server_hello_extensions(hello, block);
}

void encode(const ServerHello& message, Writer& out) {
  write_message(out, message.type, [&] {
    write_fields(message, message.random, out);
    if (message.has_extensions) write_extensions(message, out);
  });
}

void encode(const HelloRetryRequest& message, Writer& out) {
  write_message(out, message.type, [&] {
    write_fields(message, hello_retry_request_random, out);
    write_extensions(message, out);
  });
}

}  // namespace tocsin::wire
