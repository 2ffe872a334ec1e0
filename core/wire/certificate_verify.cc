#include "core/wire/certificate_verify.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<CertificateVerify> decode_certificate_verify(ByteView body) {
  Reader reader(body);
  CertificateVerify message;
  message.algorithm = read_code<SignatureScheme>(reader);
  message.signature = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const CertificateVerify& message, Writer& out) {
  write_message(out, message.type, [&] {
    write_code(out, message.algorithm);
    out.vector16(message.signature);
  });
}

}  // namespace tocsin::wire
