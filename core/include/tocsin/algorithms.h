#pragma once
/// @file
/// Code points of the protocol (IANA's TLS registries). Every enum is open: a value from the wire may be none of these.
#include <cstdint>
#include <string_view>

namespace tocsin {

/// As in supported_versions (RFC 9846 4.3.1).
enum class ProtocolVersion : std::uint16_t {
  tls12 = 0x0303,   ///< RFC 5246, with AEAD suites and ephemeral keys only
  tls13 = 0x0304,   ///< RFC 9846
  dtls12 = 0xfefd,  ///< RFC 6347: TLS 1.2 over datagrams
};

//= RFC 9846 E.5 //# Implementations MUST NOT offer or negotiate RC4 cipher suites for any version of TLS
//= RFC 9846 E.5 //# Ciphers with a strength less than 112 bits MUST NOT be offered or negotiated for any
//= RFC 6347 4.1.2.2 //# RC4 MUST NOT be used with DTLS.
/// Names the AEAD and the hash of a connection; in TLS 1.2 also the key exchange and the kind of certificate.
enum class CipherSuite : std::uint16_t {
  // TLS 1.3 (RFC 9846 B.4)
  aes_128_gcm_sha256 = 0x1301,        ///< TLS_AES_128_GCM_SHA256
  aes_256_gcm_sha384 = 0x1302,        ///< TLS_AES_256_GCM_SHA384
  chacha20_poly1305_sha256 = 0x1303,  ///< TLS_CHACHA20_POLY1305_SHA256
  // TLS 1.2 (RFC 5289, RFC 7905)
  ecdhe_ecdsa_aes_128_gcm_sha256 = 0xc02b,        ///< TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  ecdhe_ecdsa_aes_256_gcm_sha384 = 0xc02c,        ///< TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  ecdhe_rsa_aes_128_gcm_sha256 = 0xc02f,          ///< TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  ecdhe_rsa_aes_256_gcm_sha384 = 0xc030,          ///< TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
  ecdhe_rsa_chacha20_poly1305_sha256 = 0xcca8,    ///< TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
  ecdhe_ecdsa_chacha20_poly1305_sha256 = 0xcca9,  ///< TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
};

//= RFC 9846 B.3.1.4 //# and MUST NOT be offered or negotiated by TLS 1.3 implementations.
/// The group of the key exchange (RFC 9846 4.3.7).
enum class NamedGroup : std::uint16_t {
  secp256r1 = 0x0017,  ///< NIST P-256
  secp384r1 = 0x0018,  ///< NIST P-384
  x25519 = 0x001d,     ///< RFC 7748
};

//= RFC 9846 4.3.3 //# They MUST NOT be offered or negotiated by any implementation.
//= RFC 9846 4.3.3 //# In particular, MD5 [SLOTH], SHA-224, and DSA MUST NOT be used.
//= RFC 9846 4.5.2 //# The SHA-1 algorithm MUST NOT be used in any signatures of CertificateVerify messages.
/// A signature algorithm (RFC 9846 4.3.3).
enum class SignatureScheme : std::uint16_t {
  rsa_pkcs1_sha256 = 0x0401,        ///< in TLS 1.3 for certificates only
  rsa_pkcs1_sha384 = 0x0501,        ///< likewise
  rsa_pkcs1_sha512 = 0x0601,        ///< likewise
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
