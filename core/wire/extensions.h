#pragma once
// The extensions that this library knows: one row each, with the messages in which it may stand (RFC 8446 section 4.2).
#include <cstdint>
#include <string_view>

#include "core/base/list.h"
#include "core/base/reader.h"
#include "core/base/writer.h"
#include "tocsin/error.h"

namespace tocsin::wire {

enum class ExtensionType : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  application_layer_protocol_negotiation = 16,
  padding = 21,
  extended_master_secret = 23,
  record_size_limit = 28,
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  signature_algorithms_cert = 50,
  key_share = 51,
  connection_id = 54,
  renegotiation_info = 0xff01,
};

/// The messages that carry extensions, as bits.
enum class Carrier : std::uint8_t {
  client_hello = 1,
  server_hello = 2,
  hello_retry_request = 4,
  encrypted_extensions = 8,
  certificate = 16,
  certificate_request = 32,
  new_session_ticket = 64,
  server_hello12 = 128,  // of TLS 1.2
};

/// What the table says of an extension in a message.
enum class Standing : std::uint8_t { allowed, misplaced, unknown };
Standing standing_of(ExtensionType type, Carrier carrier);
std::string_view name_of(ExtensionType type);  // or "unknown"

struct Extension {
  ExtensionType type;
  ByteView body;
  bool is_last;
};
struct ExtensionCodec {
  using Element = Extension;
  static Extension read(Reader& reader) {
    const auto type = static_cast<ExtensionType>(reader.u16());
    const ByteView body = reader.vector16();
    return {type, body, reader.empty()};
  }
};
using ExtensionList = ListView<ExtensionCodec>;

/// Checks a block of extensions (without the block's own length) as far as that can be done without looking into them
/// (RFC 8446 4.2). Reasons: extension_malformed (framing), extension_duplicate (unknown types included), extension_misplaced,
/// pre_shared_key_not_last; and extension_unsolicited for unknown types in server_hello, hello_retry_request,
/// encrypted_extensions, certificate and server_hello12, where they can only answer something never offered. Elsewhere unknown
/// types pass.
Result<Done> check_extensions(ByteView block, Carrier carrier);

/// Checks the block, then calls on_extension(type, body) for each extension that the table allows in the carrier, in order. It
/// reads the body, a Reader, to its end. Reasons: those of check_extensions, and extension_malformed for what it did not read.
template <class OnExtension>
Result<Done> decode_extensions(ByteView block, Carrier carrier, OnExtension&& on_extension) {
  TOCSIN_TRY(check_extensions(block, carrier));
  for (const Extension& extension : ExtensionList(block)) {
    if (standing_of(extension.type, carrier) != Standing::allowed) continue;
    Reader body(extension.body);
    on_extension(extension.type, body);
    if (!body.done()) return Fatal{Reason::extension_malformed};
  }
  return Done{};
}

inline void write_extension(Writer& out, ExtensionType type, auto&& body) {
  out.u16(static_cast<std::uint16_t>(type));
  out.with_length(2, body);
}

}  // namespace tocsin::wire
