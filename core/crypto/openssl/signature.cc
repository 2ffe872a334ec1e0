#include "core/crypto/openssl/signature.h"

#include <openssl/rsa.h>

#include <array>
#include <utility>
#include <vector>

namespace tocsin::crypto {
namespace {

constexpr int rsa_bits_min = 2048, rsa_bits_max = 8192;

enum class Family : std::uint8_t { ecdsa, ed25519, rsa_pss, rsa_pkcs1 };

struct SchemeRow {
  SignatureScheme scheme;
  Family family;
  KeyKind kind_wanted;  // the kind of key that TLS 1.3 wants (RFC 9846 4.3.3); of rsa_pkcs1 it wants none
  const char* digest;   // null: the algorithm hashes by itself
};
// rsa_pss_rsae_* stand for keys of rsaEncryption.
//= RFC 9846 4.3.3 //# If the public key is carried in an X.509 certificate, it MUST use the rsaEncryption OID
//= RFC 9846 9.1 //# A TLS-compliant application MUST support digital signatures with rsa_pkcs1_sha256 (for
constexpr std::array<SchemeRow, 10> schemes{
    {{SignatureScheme::ecdsa_secp256r1_sha256, Family::ecdsa, KeyKind::ecdsa_p256, "SHA256"},
     {SignatureScheme::ecdsa_secp384r1_sha384, Family::ecdsa, KeyKind::ecdsa_p384, "SHA384"},
     {SignatureScheme::ecdsa_secp521r1_sha512, Family::ecdsa, KeyKind::ecdsa_p521, "SHA512"},
     {SignatureScheme::ed25519, Family::ed25519, KeyKind::ed25519, nullptr},
     {SignatureScheme::rsa_pss_rsae_sha256, Family::rsa_pss, KeyKind::rsa, "SHA256"},
     {SignatureScheme::rsa_pss_rsae_sha384, Family::rsa_pss, KeyKind::rsa, "SHA384"},
     {SignatureScheme::rsa_pss_rsae_sha512, Family::rsa_pss, KeyKind::rsa, "SHA512"},
     {SignatureScheme::rsa_pkcs1_sha256, Family::rsa_pkcs1, KeyKind::rsa, "SHA256"},
     {SignatureScheme::rsa_pkcs1_sha384, Family::rsa_pkcs1, KeyKind::rsa, "SHA384"},
     {SignatureScheme::rsa_pkcs1_sha512, Family::rsa_pkcs1, KeyKind::rsa, "SHA512"}}};

bool is_of_family(KeyKind kind, Family family) {
  switch (kind) {
    case KeyKind::ed25519:
      return family == Family::ed25519;
    case KeyKind::rsa:
      return family == Family::rsa_pss || family == Family::rsa_pkcs1;
    case KeyKind::ecdsa_p256:
    case KeyKind::ecdsa_p384:
    case KeyKind::ecdsa_p521:
      break;
  }
  return family == Family::ecdsa;
}

const SchemeRow* row_for(KeyKind kind, SignatureScheme scheme) {
  for (const SchemeRow& row : schemes)
    if (row.scheme == scheme && is_of_family(kind, row.family)) return &row;
  return nullptr;
}

//= RFC 9846 4.3.3 //# The keys found in certificates MUST also be of appropriate type for the signature
//= RFC 9846 4.3.3 //# If TLS 1.2 is negotiated, implementations MUST be prepared to accept a signature that
//= RFC 9846 4.3.3 //# which is mandatory in TLS 1.3) MUST be prepared to accept a signature using that scheme
bool fits(KeyKind kind, SignatureScheme scheme, ProtocolVersion version) {
  const SchemeRow* row = row_for(kind, scheme);
  if (row == nullptr || version != ProtocolVersion::tls13) return row != nullptr;
  return row->kind_wanted == kind && row->family != Family::rsa_pkcs1;
}

//= RFC 9846 4.3.3 //# The length of the Salt MUST be equal to the length of the output of the digest
/// PSS with a salt as long as the digest; MGF1 takes the same hash by default (RFC 9846 4.3.3). PKCS #1 is libcrypto's default.
bool set_padding(EVP_PKEY_CTX* context, Family family) {
  return family != Family::rsa_pss || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                                       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

class OpensslSigningKey final : public SigningKey {
 public:
  OpensslSigningKey(KeyPtr key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}

  bool prepare() {
    for (const SchemeRow& row : schemes) {
      if (!is_of_family(kind_, row.family)) continue;
      DigestContextPtr context(EVP_MD_CTX_new());
      EVP_PKEY_CTX* key_context = nullptr;
      if (!context ||
          EVP_DigestSignInit_ex(context.get(), &key_context, row.digest, nullptr, nullptr, key_.get(), nullptr) != 1 ||
          !set_padding(key_context, row.family)) {
        return false;
      }
      prepared_.push_back({row.scheme, std::move(context)});
    }
    return true;
  }

  bool can_sign_with(SignatureScheme scheme, ProtocolVersion version) const override { return fits(kind_, scheme, version); }

  Result<Done> sign(SignatureScheme scheme, ByteView message, Bytes& out) const override {
    const DigestContextPtr context(EVP_MD_CTX_new());
    for (const Prepared& prepared : prepared_) {
      if (prepared.scheme != scheme) continue;
      const std::size_t at = out.size();
      std::size_t signature_bytes = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
      out.resize(at + signature_bytes);
      const bool signed_it =
          context && EVP_MD_CTX_copy_ex(context.get(), prepared.context.get()) == 1 &&
          EVP_DigestSign(context.get(), out.data() + at, &signature_bytes, message.data(), message.size()) == 1;
      out.resize(signed_it ? at + signature_bytes : at);
      if (!signed_it) return failed();
      return Done{};
    }
    return failed();
  }

 private:
  /// A copy of a prepared context signs; so nothing is fetched for a signature, and the key may be shared by threads.
  struct Prepared {
    SignatureScheme scheme;
    DigestContextPtr context;
  };
  KeyPtr key_;
  KeyKind kind_;
  std::vector<Prepared> prepared_;
};

class OpensslPublicKey final : public PublicKey {
 public:
  OpensslPublicKey(KeyPtr key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}

  bool can_verify_with(SignatureScheme scheme, ProtocolVersion version) const override { return fits(kind_, scheme, version); }

  Result<Done> verify(SignatureScheme scheme, ByteView message, ByteView signature) const override {
    const SchemeRow* row = row_for(kind_, scheme);
    if (row == nullptr) return failed(Reason::signature_invalid);
    const DigestContextPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* key_context = nullptr;
    if (!context ||
        EVP_DigestVerifyInit_ex(context.get(), &key_context, row->digest, nullptr, nullptr, key_.get(), nullptr) != 1 ||
        !set_padding(key_context, row->family)) {
      return failed();
    }
    if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) != 1)
      return failed(Reason::signature_invalid);
    return Done{};
  }

 private:
  KeyPtr key_;
  KeyKind kind_;
};

std::optional<KeyKind> ec_kind_of(const EVP_PKEY* key) {
  int from_parameters = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &from_parameters) == 1 &&
      from_parameters != 0)
    return std::nullopt;
  std::array<char, 64> name{};
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) return std::nullopt;
  const std::string_view group = name.data();
  if (group == "prime256v1") return KeyKind::ecdsa_p256;
  if (group == "secp384r1") return KeyKind::ecdsa_p384;
  if (group == "secp521r1") return KeyKind::ecdsa_p521;
  return std::nullopt;
}

}  // namespace

std::optional<KeyKind> kind_of(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_ED25519:
      return KeyKind::ed25519;
    case EVP_PKEY_EC:
      return ec_kind_of(key);
    case EVP_PKEY_RSA: {
      const int bits = EVP_PKEY_get_bits(key);
      if (bits >= rsa_bits_min && bits <= rsa_bits_max) return KeyKind::rsa;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::unique_ptr<SigningKey> make_signing_key(KeyPtr key, KeyKind kind) {
  auto signing_key = std::make_unique<OpensslSigningKey>(std::move(key), kind);
  if (!signing_key->prepare()) return nullptr;
  return signing_key;
}

std::unique_ptr<PublicKey> make_public_key(KeyPtr key, KeyKind kind) {
  return std::make_unique<OpensslPublicKey>(std::move(key), kind);
}

}  // namespace tocsin::crypto
