#pragma once
/// @file
/// The interface between the protocol and its cryptography. All computation and all randomness goes through it, so another
/// provider changes nothing above. All sizes are in bytes. A failure without a named Reason is Reason::crypto_failed.
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tocsin/algorithms.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"
#include "tocsin/time.h"

namespace tocsin {

/// The hash of a cipher suite: see hash_of.
enum class HashAlgorithm : std::uint8_t {
  sha256,  ///< 32 bytes
  sha384,  ///< 48 bytes
};
/// The length of its digests.
constexpr std::size_t hash_bytes(HashAlgorithm hash) { return hash == HashAlgorithm::sha256 ? 32 : 48; }

/// A short byte string with a fixed capacity and no heap, zeroised when it goes away: secrets, keys, digests.
class Secret {
 public:
  static constexpr std::size_t bytes_max = 64;       ///< the capacity
  Secret() = default;                                ///< Empty.
  explicit Secret(ByteView from);                    ///< A copy of at most bytes_max.
  explicit Secret(std::size_t size_bytes);           ///< Zeros, at most bytes_max.
  Secret(const Secret& other) = default;             ///< A copy; each is zeroised when it goes away.
  Secret& operator=(const Secret& other) = default;  ///< likewise
  ~Secret();                                         ///< Zeroises.

  std::size_t size() const { return size_; }                      ///< In bytes.
  bool empty() const { return size_ == 0; }                       ///< Whether it has no bytes.
  ByteView view() const { return {data_.data(), size_}; }         ///< Its bytes, as long as it lives.
  MutableBytes mutable_bytes() { return {data_.data(), size_}; }  ///< Its bytes, as long as it lives.
  operator ByteView() const { return view(); }                    ///< The same as view().

 private:
  std::array<std::uint8_t, bytes_max> data_{};
  std::size_t size_ = 0;
};

/// A running hash, whose current value is available at any time.
class Hash {
 public:
  virtual ~Hash() = default;
  /// Adds these bytes.
  virtual Result<Done> update(ByteView bytes) = 0;
  /// The digest of all bytes so far, hash_bytes of its algorithm. More may follow.
  virtual Result<Secret> current() = 0;
};

/// An AEAD under one key (RFC 5116). Nonces are 12 bytes, tags 16.
class Aead {
 public:
  static constexpr std::size_t nonce_bytes = 12;        ///< of every suite (RFC 9846 5.3)
  static constexpr std::size_t tag_bytes = 16;          ///< of every suite
  using Nonce = std::array<std::uint8_t, nonce_bytes>;  ///< never the same twice under one key
  virtual ~Aead() = default;
  /// Encrypts and authenticates. out: plaintext.size() + tag_bytes. It may begin where plaintext begins, or not overlap it at
  /// all.
  virtual Result<Done> seal(const Nonce& nonce, ByteView aad, ByteView plaintext, MutableBytes out) = 0;
  /// Authenticates and decrypts. out: sealed.size() - tag_bytes; sealed is at least tag_bytes. Reason::record_bad_mac if it
  /// does not authenticate (then discard out). out may begin where sealed begins, or not overlap it at all.
  virtual Result<Done> open(const Nonce& nonce, ByteView aad, ByteView sealed, MutableBytes out) = 0;
};

/// An ephemeral key pair of one group.
class KeyPair {
 public:
  virtual ~KeyPair() = default;
  /// Its group.
  virtual NamedGroup group() const = 0;
  /// As in KeyShareEntry.key_exchange: x25519 32, secp256r1 65, secp384r1 97 bytes.
  virtual ByteView public_key() const = 0;
  /// The shared secret (RFC 9846 7.4). Reason::key_share_invalid for a peer key that is not valid, an all-zero x25519 result
  /// included (RFC 9846 7.4.2).
  virtual Result<Secret> derive(ByteView peer_public_key) const = 0;
};

/// A private key that signs.
class SigningKey {
 public:
  virtual ~SigningKey() = default;
  /// Whether the key is of the scheme's kind. In TLS 1.3 an ECDSA scheme names the curve as well, and RSA is RSA-PSS; in
  /// TLS 1.2 it names the hash alone (RFC 9846 4.3.3).
  virtual bool can_sign_with(SignatureScheme scheme, ProtocolVersion version) const = 0;
  /// Appends the signature over message to out.
  virtual Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const = 0;
};

/// A public key from a certificate.
class PublicKey {
 public:
  virtual ~PublicKey() = default;
  /// Whether the key is of the scheme's kind: as SigningKey::can_sign_with.
  virtual bool can_verify_with(SignatureScheme scheme, ProtocolVersion version) const = 0;
  /// Reason::signature_invalid if it does not verify.
  virtual Result<Done> verify(SignatureScheme scheme, ByteView message, ByteView signature) const = 0;
};

/// A certificate chain with its private key.
struct CertifiedKey {
  std::vector<Bytes> chain;            ///< DER, the end entity first
  std::vector<std::string> dns_names;  ///< lower case, from the end entity's subjectAltName; may begin with "*."
  /// The schemes with which the chain's certificates are signed, except self-signed ones. Empty: the chain suits every peer.
  std::vector<SignatureScheme> chain_schemes;
  std::shared_ptr<const SigningKey> key;  ///< of the end entity
};

/// Decides whether to trust a certificate chain for a name.
class CertificateVerifier {
 public:
  virtual ~CertificateVerifier() = default;
  /// Returns the end entity's key if the chain is trusted. chain: DER, the end entity first, at least one. name: a host name
  /// or an address in text form (RFC 9525). Reasons: certificate_malformed, certificate_key_unsupported,
  /// certificate_signature_weak, certificate_expired, certificate_revoked, certificate_issuer_unknown,
  /// certificate_name_mismatch.
  virtual Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, std::string_view name,
                                                    UnixSeconds now) const = 0;
};

/// Decides whether to trust a client's certificate chain. The application then decides what that client may do.
class ClientCertificateVerifier {
 public:
  virtual ~ClientCertificateVerifier() = default;
  /// Returns the end entity's key if the chain is trusted. chain: DER, the end entity first, at least one. Reasons: those of
  /// CertificateVerifier::verify except certificate_name_mismatch.
  virtual Result<std::unique_ptr<PublicKey>> verify(std::span<const ByteView> chain, UnixSeconds now) const = 0;
};

/// The cryptography of one or more connections.
class Provider {
 public:
  virtual ~Provider() = default;
  /// Fills out with unpredictable bytes.
  virtual Result<Done> random(MutableBytes out) = 0;
  /// A new hash, of no bytes yet.
  virtual Result<std::unique_ptr<Hash>> hash(HashAlgorithm algorithm) = 0;
  /// HMAC over first || second || third. Result: hash_bytes(algorithm).
  virtual Result<Secret> hmac(HashAlgorithm algorithm, ByteView key, ByteView first, ByteView second = {},
                              ByteView third = {}) = 0;
  /// The suite's AEAD under this key. key: key_bytes(suite).
  virtual Result<std::unique_ptr<Aead>> aead(CipherSuite suite, ByteView key) = 0;
  /// A new key pair.
  virtual Result<std::unique_ptr<KeyPair>> generate(NamedGroup group) = 0;
  /// Zeroises what is kept of the keys of earlier calls, if anything is: a connection has ended. Later calls may be slower.
  virtual void forget_keys() {}
};

/// An AEAD of the suites.
enum class AeadAlgorithm : std::uint8_t {
  aes_128_gcm,        ///< key of 16 bytes
  aes_256_gcm,        ///< key of 32 bytes
  chacha20_poly1305,  ///< key of 32 bytes
};

/// The AEAD of a suite.
constexpr AeadAlgorithm aead_of(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::aes_128_gcm_sha256:
    case CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256:
    case CipherSuite::ecdhe_rsa_aes_128_gcm_sha256:
      return AeadAlgorithm::aes_128_gcm;
    case CipherSuite::aes_256_gcm_sha384:
    case CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384:
    case CipherSuite::ecdhe_rsa_aes_256_gcm_sha384:
      return AeadAlgorithm::aes_256_gcm;
    case CipherSuite::chacha20_poly1305_sha256:
    case CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256:
    case CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256:
      break;
  }
  return AeadAlgorithm::chacha20_poly1305;
}
/// The version to which a suite belongs.
constexpr ProtocolVersion version_of(CipherSuite suite) {
  return static_cast<std::uint16_t>(suite) >> 8 == 0x13 ? ProtocolVersion::tls13 : ProtocolVersion::tls12;
}
/// The hash of a suite's transcript and key schedule (RFC 9846 7.1, RFC 5246 5): that of AES-256-GCM is SHA-384.
constexpr HashAlgorithm hash_of(CipherSuite suite) {
  return aead_of(suite) == AeadAlgorithm::aes_256_gcm ? HashAlgorithm::sha384 : HashAlgorithm::sha256;
}
/// The length of the key of a suite's AEAD.
constexpr std::size_t key_bytes(CipherSuite suite) { return aead_of(suite) == AeadAlgorithm::aes_128_gcm ? 16 : 32; }

}  // namespace tocsin
