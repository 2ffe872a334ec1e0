#pragma once
#include <memory>

#include "core/crypto/openssl/support.h"

namespace tocsin::crypto {

/// cipher: an AEAD with 12-byte nonces and 16-byte tags. key: of the cipher's size.
Result<std::unique_ptr<Aead>> make_openssl_aead(EVP_CIPHER* cipher, ByteView key);

}  // namespace tocsin::crypto
