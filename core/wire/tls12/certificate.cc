#include "core/wire/tls12/certificate.h"

#include "core/wire/fields.h"

namespace tocsin::wire::tls12 {

Result<Certificate> decode_certificate(ByteView body) {
  Reader reader(body);
  Certificate message;
  message.certificate_list = read_list<ListView<CertificateDataCodec>>(reader, reader.vector24());
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const Certificate& message, Writer& out) {
  write_message(out, message.type, [&] { out.vector24(message.certificate_list.wire()); });
}

void encode_certificate(std::span<const Bytes> chain, Writer& out) {
  write_message(out, Certificate::type, [&] {
    out.with_length(3, [&] {
      for (const Bytes& certificate : chain) out.vector24(certificate);
    });
  });
}

Result<CertificateRequest> decode_certificate_request(ByteView body) {
  Reader reader(body);
  CertificateRequest message;
  message.certificate_types = reader.vector8(1);
  message.supported_signature_algorithms = List16<CodeList<SignatureScheme>, 2>::read(reader);
  message.certificate_authorities = read_list<ListView<DistinguishedNameCodec>>(reader, reader.vector16());
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const CertificateRequest& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.vector8(message.certificate_types);
    out.vector16(message.supported_signature_algorithms.wire());
    out.vector16(message.certificate_authorities.wire());
  });
}

}  // namespace tocsin::wire::tls12
