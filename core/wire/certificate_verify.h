#pragma once
// CertificateVerify (RFC 9846 section 4.5.2).
#include "core/base/reader.h"
#include "core/base/types.h"
#include "core/base/writer.h"
#include "tocsin/algorithms.h"
#include "tocsin/error.h"

namespace tocsin::wire {

struct CertificateVerify {
  static constexpr HandshakeType type = HandshakeType::certificate_verify;
  SignatureScheme algorithm{};
  ByteView signature;  // 0 to 65535 bytes
};
/// Reason: message_malformed.
Result<CertificateVerify> decode_certificate_verify(ByteView body);
void encode(const CertificateVerify& message, Writer& out);

}  // namespace tocsin::wire
