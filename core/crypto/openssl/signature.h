#pragma once
#include <memory>
#include <optional>

#include "core/crypto/openssl/support.h"

namespace tocsin::crypto {

/// The kinds of keys that can sign a handshake here.
enum class KeyKind : std::uint8_t { rsa, ecdsa_p256, ecdsa_p384, ecdsa_p521, ed25519 };

/// None for other kinds, for RSA keys outside 2048 to 8192 bits, and for curves given by parameters.
std::optional<KeyKind> kind_of(EVP_PKEY* key);

/// Null if libcrypto cannot sign with this key.
std::unique_ptr<SigningKey> make_signing_key(KeyPtr key, KeyKind kind);
std::unique_ptr<PublicKey> make_public_key(KeyPtr key, KeyKind kind);

}  // namespace tocsin::crypto
