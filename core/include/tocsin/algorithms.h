#pragma once
// Code points of the protocol (IANA's TLS registries). Every enum is open: a value from the wire may be none of these.
#include <cstdint>
#include <string_view>

namespace tocsin {

enum class ProtocolVersion : std::uint16_t { tls12 = 0x0303, tls13 = 0x0304 };

enum class CipherSuite : std::uint16_t {
  aes_128_gcm_sha256 = 0x1301,
  aes_256_gcm_sha384 = 0x1302,
  chacha20_poly1305_sha256 = 0x1303,
};

enum class NamedGroup : std::uint16_t { secp256r1 = 0x0017, secp384r1 = 0x0018, x25519 = 0x001d };

enum class SignatureScheme : std::uint16_t {
  rsa_pkcs1_sha256 = 0x0401,
  rsa_pkcs1_sha384 = 0x0501,
  rsa_pkcs1_sha512 = 0x0601,
  ecdsa_secp256r1_sha256 = 0x0403,
  ecdsa_secp384r1_sha384 = 0x0503,
  ecdsa_secp521r1_sha512 = 0x0603,
  rsa_pss_rsae_sha256 = 0x0804,
  rsa_pss_rsae_sha384 = 0x0805,
  rsa_pss_rsae_sha512 = 0x0806,
  ed25519 = 0x0807,
};

/// The RFC's or IANA's name, or "unknown" for a value outside the list.
std::string_view name_of(ProtocolVersion version);
std::string_view name_of(CipherSuite suite);
std::string_view name_of(NamedGroup group);
std::string_view name_of(SignatureScheme scheme);

}  // namespace tocsin
