#pragma once
// EncryptedExtensions (RFC 8446 section 4.3.1).
#include "core/wire/client_hello.h"

namespace tocsin::wire {

struct EncryptedExtensions {
  static constexpr HandshakeType type = HandshakeType::encrypted_extensions;

  bool server_name = false;                      // the empty acknowledgement
  std::optional<ByteView> application_protocol;  // exactly one name, 1 to 255 bytes
  std::optional<std::uint16_t> record_size_limit;
  std::optional<CodeList<NamedGroup>> supported_groups;  // for information only
  bool early_data = false;
};

/// Reasons: message_malformed, extension_malformed, _duplicate, _misplaced, _unsolicited.
Result<EncryptedExtensions> decode_encrypted_extensions(ByteView body);
void encode(const EncryptedExtensions& message, Writer& out);

}  // namespace tocsin::wire
