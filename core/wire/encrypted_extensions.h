#pragma once
// EncryptedExtensions (RFC 9846 section 4.4.1).
#include "core/base/types.h"
#include "core/wire/extensions.h"

namespace tocsin::wire {

struct EncryptedExtensions : EncryptedServerExtensions {
  static constexpr HandshakeType type = HandshakeType::encrypted_extensions;
};

/// Reasons: message_malformed, extension_malformed, _duplicate, _misplaced, _unsolicited.
Result<EncryptedExtensions> decode_encrypted_extensions(ByteView body);
void encode(const EncryptedExtensions& message, Writer& out);

}  // namespace tocsin::wire
