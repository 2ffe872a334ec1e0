#pragma once
#include <memory>

#include "core/crypto/openssl/support.h"

namespace tocsin::crypto {

/// The key that a certificate certifies, if it may sign a handshake. Reason: certificate_key_unsupported.
Result<std::unique_ptr<PublicKey>> public_key_of(X509* certificate);

/// Whether keyUsage, if the certificate has it, allows digitalSignature (RFC 9846 4.5.1.2).
bool may_sign(X509* certificate);

}  // namespace tocsin::crypto
