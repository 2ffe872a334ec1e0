#pragma once
// The extensions that this library knows: one row each, with the messages in which it may stand (RFC 8446 section 4.2).
#include <bitset>
#include <cstdint>
#include <string_view>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "tocsin/error.h"

namespace tocsin::wire {

enum class ExtensionType : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  signature_algorithms = 13,
  application_layer_protocol_negotiation = 16,
  padding = 21,
  record_size_limit = 28,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  signature_algorithms_cert = 50,
  key_share = 51,
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
};

/// What the table says of an extension in a message.
enum class Standing : std::uint8_t { allowed, misplaced, unknown };
Standing standing_of(ExtensionType type, Carrier carrier);
std::string_view name_of(ExtensionType type);  // or "unknown"

/// Calls on_extension(type, body) -> Result<Done> for each extension of the block (without the block's own length), in order, and
/// `is_last` with it. Before that it checks, for the whole block: framing (extension_malformed), extension_duplicate,
/// extension_misplaced; and extension_unsolicited for unknown types in server_hello, hello_retry_request, encrypted_extensions and
/// certificate, where an unknown extension can only be an answer to something never offered. Unknown types elsewhere are passed over.
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
Result<Done> check_extensions(ByteView block, Carrier carrier);

inline void write_extension(Writer& out, ExtensionType type, auto&& body) {
  out.u16(static_cast<std::uint16_t>(type));
  out.with_length(2, body);
}

}  // namespace tocsin::wire
