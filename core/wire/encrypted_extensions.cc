#include "core/wire/encrypted_extensions.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<EncryptedExtensions> decode_encrypted_extensions(ByteView body) {
  Reader reader(body);
  const ByteView block = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  EncryptedExtensions message;
  TOCSIN_TRY(decode_extensions(block, Carrier::encrypted_extensions, [&](ExtensionType type, Reader& extension) {
    if (type == ExtensionType::server_name) message.server_name = true;
    if (type == ExtensionType::application_layer_protocol_negotiation)
      message.application_protocol = read_selected_protocol(extension);
    if (type == ExtensionType::record_size_limit) message.record_size_limit = extension.u16();
    if (type == ExtensionType::supported_groups) message.supported_groups = read_codes<NamedGroup>(extension);
    if (type == ExtensionType::early_data) message.early_data = true;
  }));
  return message;
}

void encode(const EncryptedExtensions& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.with_length(2, [&] {
      if (message.server_name) write_extension(out, ExtensionType::server_name, [] {});
      write_selected_protocol(out, message.application_protocol);
      write_record_size_limit(out, message.record_size_limit);
      write_codes(out, ExtensionType::supported_groups, message.supported_groups);
      write_early_data(out, message.early_data);
    });
  });
}

}  // namespace tocsin::wire
