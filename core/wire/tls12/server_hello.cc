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

  TOCSIN_TRY(decode_extensions(block, Carrier::server_hello12, [&](ExtensionType type, Reader& extension) {
    if (type == ExtensionType::server_name) hello.server_name = true;
    if (type == ExtensionType::application_layer_protocol_negotiation)
      hello.application_protocol = read_selected_protocol(extension);
    if (type == ExtensionType::record_size_limit) hello.record_size_limit = extension.u16();
    if (type == ExtensionType::ec_point_formats) hello.ec_point_formats = extension.vector8(1);
    if (type == ExtensionType::extended_master_secret) hello.extended_master_secret = true;
    if (type == ExtensionType::session_ticket) hello.session_ticket = true;
    if (type == ExtensionType::renegotiation_info) hello.renegotiated_connection = extension.vector8();
    if (type == ExtensionType::connection_id) hello.connection_id = extension.vector8();
  }));
  return hello;
}

void encode(const ServerHello& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u16(message.server_version);
    out.bytes(message.random);
    out.vector8(message.session_id);
    write_code(out, message.cipher_suite);
    out.u8(message.compression_method);
    if (!message.has_extensions) return;
    out.with_length(2, [&] {
      if (message.server_name) write_extension(out, ExtensionType::server_name, [] {});
      write_selected_protocol(out, message.application_protocol);
      write_record_size_limit(out, message.record_size_limit);
      write_extensions12(out, message);
      if (message.session_ticket) write_extension(out, ExtensionType::session_ticket, [] {});
    });
  });
}

}  // namespace tocsin::wire::tls12
