#pragma once
// Certificate and CertificateRequest (RFC 9846 sections 4.5.1 and 4.4.2).
#include "core/wire/client_hello.h"

namespace tocsin::wire {

struct CertificateEntry {
  ByteView cert_data;   // DER, 1 to 2^24-1 bytes
  ByteView extensions;  // the block without its length
};
struct CertificateEntryCodec {
  using Element = CertificateEntry;
  static CertificateEntry read(Reader& reader);
};
using CertificateList = ListView<CertificateEntryCodec>;

struct Certificate {
  static constexpr HandshakeType type = HandshakeType::certificate;
  ByteView certificate_request_context;  // 0 to 255 bytes
  CertificateList certificate_list;      // may be empty
};

/// Every entry's extensions are checked as well: no extension was asked for, so any known one is misplaced or unsolicited.
/// Reasons: message_malformed, extension_malformed, _duplicate, _misplaced, _unsolicited.
Result<Certificate> decode_certificate(ByteView body);
void encode(const Certificate& message, Writer& out);
/// A server's own chain, DER, without extensions.
void encode_certificate(ByteView certificate_request_context, std::span<const Bytes> chain, Writer& out);

struct CertificateRequest : CertificateRequestExtensions {
  static constexpr HandshakeType type = HandshakeType::certificate_request;
  ByteView certificate_request_context;
};
Result<CertificateRequest> decode_certificate_request(ByteView body);
void encode(const CertificateRequest& message, Writer& out);

}  // namespace tocsin::wire
