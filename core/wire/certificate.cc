#include "core/wire/certificate.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

CertificateEntry CertificateEntryCodec::read(Reader& reader) {
  const ByteView cert_data = reader.vector24(1);
  return {cert_data, reader.vector16()};
}

Result<Certificate> decode_certificate(ByteView body) {
  Reader reader(body);
  Certificate message;
  message.certificate_request_context = reader.vector8();
  message.certificate_list = read_list<CertificateList>(reader, reader.vector24());
  if (!reader.done()) return Fatal{Reason::message_malformed};

  for (const CertificateEntry& entry : message.certificate_list)
    TOCSIN_TRY(check_extensions(entry.extensions, Carrier::certificate));
  return message;
}

void encode(const Certificate& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.vector8(message.certificate_request_context);
    out.vector24(message.certificate_list.wire());
  });
}

void encode_certificate(ByteView certificate_request_context, std::span<const Bytes> chain, Writer& out) {
  write_message(out, Certificate::type, [&] {
    out.vector8(certificate_request_context);
    out.with_length(3, [&] {
      for (const Bytes& cert_data : chain) {
        out.vector24(cert_data);
        out.vector16({});
      }
    });
  });
}

Result<CertificateRequest> decode_certificate_request(ByteView body) {
  Reader reader(body);
  CertificateRequest message;
  message.certificate_request_context = reader.vector8();
  const ByteView block = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  TOCSIN_TRY(decode_extensions(block, Carrier::certificate_request, message));
  return message;
}

void encode(const CertificateRequest& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.vector8(message.certificate_request_context);
    write_extensions(message, out);
  });
}

}  // namespace tocsin::wire
