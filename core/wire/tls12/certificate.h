#pragma once
// Certificate and CertificateRequest of TLS 1.2 (RFC 5246 sections 7.4.2 and 7.4.4).
#include "core/wire/client_hello.h"

namespace tocsin::wire::tls12 {

struct CertificateDataCodec {
  using Element = ByteView;  // DER, 1 to 2^24-1 bytes
  static ByteView read(Reader& reader) { return reader.vector24(1); }
};

struct Certificate {
  static constexpr HandshakeType type = HandshakeType::certificate;
  ListView<CertificateDataCodec> certificate_list;  // may be empty
};
/// Reason: message_malformed.
Result<Certificate> decode_certificate(ByteView body);
void encode(const Certificate& message, Writer& out);
/// An own chain, DER.
void encode_certificate(std::span<const Bytes> chain, Writer& out);

struct DistinguishedNameCodec {
  using Element = ByteView;  // DER, 1 to 2^16-1 bytes
  static ByteView read(Reader& reader) { return reader.vector16(1); }
};

struct CertificateRequest {
  static constexpr HandshakeType type = HandshakeType::certificate_request;
  ByteView certificate_types;                                // ClientCertificateType, 1 to 255
  CodeList<SignatureScheme> supported_signature_algorithms;  // at least one
  ListView<DistinguishedNameCodec> certificate_authorities;  // may be empty
};
/// Reason: message_malformed.
Result<CertificateRequest> decode_certificate_request(ByteView body);
void encode(const CertificateRequest& message, Writer& out);

}  // namespace tocsin::wire::tls12
