#include "core/wire/client_hello.h"

#include "core/wire/fields.h"

namespace tocsin::wire {
namespace {

enum class Form : std::uint8_t { tls, dtls };

Result<ClientHello> decode(ByteView body, Form form) {
  Reader reader(body);
  ClientHello hello;
  hello.legacy_version = reader.u16();
  hello.random = read_random(reader);
  hello.legacy_session_id = reader.vector8(0, 32);
  if (form == Form::dtls) hello.dtls_cookie = reader.vector8();
  hello.cipher_suites = read_list<CodeList<CipherSuite>>(reader, reader.vector16(2));
  hello.legacy_compression_methods = reader.vector8(1);
  //= RFC 9846 4.2.2 //# If negotiating a version of TLS prior to 1.3, a server MUST check that the message
  //= RFC 9846 4.2.2 //# If not, then it MUST abort the handshake with a "decode_error" alert.
  hello.has_extensions = !reader.empty();  // RFC 9846 4.2.2: clients before TLS 1.3 may leave the block out, or empty
  if (hello.has_extensions) hello.extensions = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  // RFC 9146 3: over a stream a connection id means nothing, whatever it holds.
  const auto passed_over = form == Form::tls ? std::optional(ExtensionType::connection_id) : std::nullopt;
  TOCSIN_TRY(decode_extensions(hello.extensions, Carrier::client_hello, hello, passed_over));
  // RFC 6066 3: it can be decoded, so it is no decode_error.
  if (hello.server_names && has_two_of_a_type(*hello.server_names)) return Fatal{Reason::server_name_duplicate};
  if (hello.pre_shared_keys && !has_a_binder_for_each_identity(*hello.pre_shared_keys))
    return Fatal{Reason::pre_shared_key_binders_mismatch};
  return hello;
}

}  // namespace

Result<ClientHello> decode_client_hello(ByteView body) { return decode(body, Form::tls); }
Result<ClientHello> decode_dtls_client_hello(ByteView body) { return decode(body, Form::dtls); }

void encode(const ClientHello& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u16(message.legacy_version);
    out.bytes(message.random);
    out.vector8(message.legacy_session_id);
    if (message.dtls_cookie) out.vector8(*message.dtls_cookie);
    out.vector16(message.cipher_suites.wire());
    out.vector8(message.legacy_compression_methods);
    if (message.has_extensions) write_extensions(message, out);
  });
}

}  // namespace tocsin::wire
