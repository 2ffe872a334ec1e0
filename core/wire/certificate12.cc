#include "core/wire/certificate12.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<Certificate12> decode_certificate12(ByteView body) {
  Reader reader(body);
  Certificate12 message;
  message.certificate_list = read_list<ListView<CertificateDataCodec>>(reader, reader.vector24());
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const Certificate12& message, Writer& out) {
  write_message(out, message.type, [&] { out.vector24(message.certificate_list.wire()); });
}

void encode_certificate12(std::span<const Bytes> chain, Writer& out) {
  write_message(out, Certificate12::type, [&] {
    out.with_length(3, [&] {
      for (const Bytes& certificate : chain) out.vector24(certificate);
    });
  });
}

Result<CertificateRequest12> decode_certificate_request12(ByteView body) {
  Reader reader(body);
  CertificateRequest12 message;
  message.certificate_types = reader.vector8(1);
  message.supported_signature_algorithms = read_codes<SignatureScheme>(reader);
  message.certificate_authorities = read_list<ListView<DistinguishedNameCodec>>(reader, reader.vector16());
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const CertificateRequest12& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.vector8(message.certificate_types);
    out.vector16(message.supported_signature_algorithms.wire());
    out.vector16(message.certificate_authorities.wire());
  });
}

}  // namespace tocsin::wire
