#pragma once
/// @file
/// Code points of the protocol (IANA's TLS registries). Every enum is open: a value from the wire may be none of these.
#include <cstdint>
#include <string_view>

namespace tocsin {

/// As in supported_versions (RFC 8446 4.2.1).
enum class ProtocolVersion : std::uint16_t {
  tls12 = 0x0303,  ///< what a peer may offer or select; not spoken here
  tls13 = 0x0304,  ///< the one version that is spoken here
};

/// The AEAD and the hash of a connection (RFC 8446 B.4).
enum class CipherSuite : std::uint16_t {
  aes_128_gcm_sha256 = 0x1301,        ///< TLS_AES_128_GCM_SHA256
  aes_256_gcm_sha384 = 0x1302,        ///< TLS_AES_256_GCM_SHA384
  chacha20_poly1305_sha256 = 0x1303,  ///< TLS_CHACHA20_POLY1305_SHA256
};

/// The group of the key exchange (RFC 8446 4.2.7).
enum class NamedGroup : std::uint16_t {
  secp256r1 = 0x0017,  ///< NIST P-256
  secp384r1 = 0x0018,  ///< NIST P-384
  x25519 = 0x001d,     ///< RFC 7748
};

/// How something is signed (RFC 8446 4.2.3).
enum class SignatureScheme : std::uint16_t {
  rsa_pkcs1_sha256 = 0x0401,        ///< in certificates only
  rsa_pkcs1_sha384 = 0x0501,        ///< in certificates only
  rsa_pkcs1_sha512 = 0x0601,        ///< in certificates only
  ecdsa_secp256r1_sha256 = 0x0403,  ///< ECDSA on P-256
  ecdsa_secp384r1_sha384 = 0x0503,  ///< ECDSA on P-384
  ecdsa_secp521r1_sha512 = 0x0603,  ///< ECDSA on P-521
  rsa_pss_rsae_sha256 = 0x0804,     ///< RSA-PSS with a common RSA key
  rsa_pss_rsae_sha384 = 0x0805,     ///< likewise
  rsa_pss_rsae_sha512 = 0x0806,     ///< likewise
  ed25519 = 0x0807,                 ///< RFC 8032
};

/// The RFC's or IANA's name, or "unknown" for a value outside the list.
std::string_view name_of(ProtocolVersion version);
/// Likewise.
std::string_view name_of(CipherSuite suite);
/// Likewise.
std::string_view name_of(NamedGroup group);
/// Likewise.
std::string_view name_of(SignatureScheme scheme);

}  // namespace tocsin
