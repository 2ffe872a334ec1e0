#pragma once
// Configurations. Plain data: fill in, then share between any number of connections; never changed while in use.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/algorithms.h"
#include "tocsin/limits.h"
#include "tocsin/provider.h"

namespace tocsin {

/// What both ends of a connection have to set.
struct CommonConfig {
  std::shared_ptr<Provider> provider;
  std::vector<CipherSuite> cipher_suites{CipherSuite::aes_128_gcm_sha256, CipherSuite::chacha20_poly1305_sha256,
                                         CipherSuite::aes_256_gcm_sha384};                              // by preference
  std::vector<NamedGroup> groups{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};     // by preference
  std::vector<std::string> application_protocols;  // ALPN, by preference; each 1 to 255 bytes; none: no ALPN
  std::uint16_t record_size_limit = 0;     // RFC 8449, 64 to 16385 bytes, what we want to receive at most; 0: do not negotiate
  std::uint16_t padding_block_bytes = 0;   // content, type and padding fill whole blocks of this size; 0: no padding
  Limits limits;
  std::function<void(std::string_view line)> key_log;          // lines in SSLKEYLOGFILE format, without newline; empty: none
  std::function<void(Invariant broken)> on_broken_invariant;   // called before the connection closes with internal_error
};

struct ServerConfig : CommonConfig {
  /// At least one. The first whose name and key suit the client is used; without a fitting name the first whose key does.
  std::vector<std::shared_ptr<const CertifiedKey>> certificates;
};

struct ClientConfig : CommonConfig {
  std::shared_ptr<const CertificateVerifier> verifier;
  std::size_t key_shares = 1;              // how many of groups get a key share in the first ClientHello; 0 asks for a retry
  bool middlebox_compatibility = true;     // RFC 8446 D.4: a session id and change_cipher_spec records
  std::vector<SignatureScheme> signature_schemes{
      SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ed25519,
      SignatureScheme::ecdsa_secp384r1_sha384, SignatureScheme::ecdsa_secp521r1_sha512,
      SignatureScheme::rsa_pss_rsae_sha256,    SignatureScheme::rsa_pss_rsae_sha384,
      SignatureScheme::rsa_pss_rsae_sha512,    SignatureScheme::rsa_pkcs1_sha256,
      SignatureScheme::rsa_pkcs1_sha384,       SignatureScheme::rsa_pkcs1_sha512};  // the last three in certificates only
};

}  // namespace tocsin
