#include "core/wire/client_hello.h"

#include "core/wire/fields.h"

namespace tocsin::wire {
namespace {

struct PskIdentityCodec {  // its obfuscated_ticket_age is passed over
  using Element = ByteView;
  static ByteView read(Reader& reader) {
    const ByteView identity = reader.vector16(1);
    reader.u32();
    return identity;
  }
};
struct PskBinderCodec {
  using Element = ByteView;
  static ByteView read(Reader& reader) { return reader.vector8(32); }
};
using PskIdentities = ListView<PskIdentityCodec>;
using PskBinders = ListView<PskBinderCodec>;

/// RFC 6066 3: the list may hold one name of each type, and host_name is the only type there is.
ByteView read_server_name(Reader& reader) {
  Reader list(reader.vector16(1));
  list.require(list.u8() == 0);
  const ByteView host_name = list.vector16(1);
  reader.require(list.done());
  return host_name;
}

PreSharedKeys read_pre_shared_keys(Reader& reader) {
  PreSharedKeys keys;
  keys.identities = read_list<PskIdentities>(reader, reader.vector16(7)).wire();
  keys.binders = read_list<PskBinders>(reader, reader.vector16(33)).wire();
  return keys;
}

bool has_a_binder_for_each_identity(const PreSharedKeys& keys) {
  const PskIdentities identities(keys.identities);
  const PskBinders binders(keys.binders);
  return std::distance(identities.begin(), identities.end()) == std::distance(binders.begin(), binders.end());
}

void read_extension(ClientHello& hello, ExtensionType type, Reader& body) {
  switch (type) {
    case ExtensionType::server_name:
      hello.server_name = read_server_name(body);
      break;
    case ExtensionType::supported_groups:
      hello.supported_groups = read_codes<NamedGroup>(body);
      break;
    case ExtensionType::signature_algorithms:
      hello.signature_algorithms = read_codes<SignatureScheme>(body);
      break;
    case ExtensionType::signature_algorithms_cert:
      hello.signature_algorithms_cert = read_codes<SignatureScheme>(body);
      break;
    case ExtensionType::application_layer_protocol_negotiation:
      hello.application_protocols = read_list<ProtocolNames>(body, body.vector16(2));
      break;
    case ExtensionType::supported_versions:
      hello.supported_versions = read_list<CodeList<ProtocolVersion>>(body, body.vector8(2, 254));
      break;
    case ExtensionType::cookie:
      hello.cookie = body.vector16(1);
      break;
    case ExtensionType::psk_key_exchange_modes:
      hello.psk_key_exchange_modes = body.vector8(1);
      break;
    case ExtensionType::record_size_limit:
      hello.record_size_limit = body.u16();
      break;
    case ExtensionType::key_share:
      hello.key_shares = read_list<KeyShares>(body, body.vector16());
      break;
    case ExtensionType::early_data:
      hello.early_data = true;
      break;
    case ExtensionType::pre_shared_key:
      hello.pre_shared_keys = read_pre_shared_keys(body);
      break;
    case ExtensionType::ec_point_formats:
      hello.ec_point_formats = body.vector8(1);
      break;
    case ExtensionType::extended_master_secret:
      hello.extended_master_secret = true;
      break;
    case ExtensionType::renegotiation_info:
      hello.renegotiated_connection = body.vector8();
      break;
    case ExtensionType::session_ticket:
      hello.session_ticket = body.take(body.size());
      break;
    case ExtensionType::connection_id:  // over a stream it means nothing, whatever it holds
      if (hello.dtls_cookie)
        hello.connection_id = body.vector8();
      else
        body.take(body.size());
      break;
    case ExtensionType::padding:
      body.take(body.size());
      break;
  }
}

void write_extensions(const ClientHello& hello, Writer& out) {
  if (hello.server_name)
    write_extension(out, ExtensionType::server_name, [&] {
      out.with_length(2, [&] {
        out.u8(0);  // host_name
        out.vector16(*hello.server_name);
      });
    });
  write_codes(out, ExtensionType::supported_groups, hello.supported_groups);
  write_codes(out, ExtensionType::signature_algorithms, hello.signature_algorithms);
  write_codes(out, ExtensionType::signature_algorithms_cert, hello.signature_algorithms_cert);
  if (hello.application_protocols)
    write_extension(out, ExtensionType::application_layer_protocol_negotiation,
                    [&] { out.vector16(hello.application_protocols->wire()); });
  if (hello.supported_versions)
    write_extension(out, ExtensionType::supported_versions, [&] { out.vector8(hello.supported_versions->wire()); });
  if (hello.cookie) write_extension(out, ExtensionType::cookie, [&] { out.vector16(*hello.cookie); });
  if (hello.psk_key_exchange_modes)
    write_extension(out, ExtensionType::psk_key_exchange_modes, [&] { out.vector8(*hello.psk_key_exchange_modes); });
  write_record_size_limit(out, hello.record_size_limit);
  if (hello.key_shares) write_extension(out, ExtensionType::key_share, [&] { out.vector16(hello.key_shares->wire()); });
  write_early_data(out, hello.early_data);
  write_extensions12(out, hello);
  if (hello.session_ticket) write_extension(out, ExtensionType::session_ticket, [&] { out.bytes(*hello.session_ticket); });
  if (hello.pre_shared_keys)
    write_extension(out, ExtensionType::pre_shared_key, [&] {
      out.vector16(hello.pre_shared_keys->identities);
      out.vector16(hello.pre_shared_keys->binders);
    });
}

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
  hello.has_extensions = !reader.empty();  // RFC 8446 4.1.2: clients before TLS 1.3 may leave the block out, or empty
  if (hello.has_extensions) hello.extensions = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  TOCSIN_TRY(decode_extensions(hello.extensions, Carrier::client_hello,
                               [&](ExtensionType type, Reader& extension) { read_extension(hello, type, extension); }));
  if (hello.pre_shared_keys && !has_a_binder_for_each_identity(*hello.pre_shared_keys))
    return Fatal{Reason::pre_shared_key_binders_mismatch};
  return hello;
}

}  // namespace

KeyShareEntry KeyShareCodec::read(Reader& reader) {
  const auto group = read_code<NamedGroup>(reader);
  return {group, reader.vector16(1)};
}

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
    if (message.has_extensions) out.with_length(2, [&] { write_extensions(message, out); });
  });
}

}  // namespace tocsin::wire
