#include "core/wire/encrypted_extensions.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<EncryptedExtensions> decode_encrypted_extensions(ByteView body) {
  Reader reader(body);
  const ByteView block = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  EncryptedExtensions message;
  TOCSIN_TRY(decode_extensions(block, Carrier::encrypted_extensions, message));
  return message;
}

void encode(const EncryptedExtensions& message, Writer& out) {
  write_message(out, message.type, [&] { write_extensions(message, out); });
}

}  // namespace tocsin::wire
