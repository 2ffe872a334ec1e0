// Certificates with their private keys, and the keys in certificates.
#include "core/crypto/openssl/certificates.h"

#include <utility>

#include "core/crypto/openssl/known_certificates.h"
#include "core/crypto/openssl/pem.h"
#include "core/crypto/openssl/signature.h"

namespace tocsin {
namespace crypto {

//= RFC 9846 4.5.1.2 //# That is, the digitalSignature bit MUST be set if the Key Usage extension is present,
bool may_sign(X509* certificate) {
  // Without the extension every bit is set.
  return (X509_get_key_usage(certificate) & X509v3_KU_DIGITAL_SIGNATURE) != 0;
}

Result<std::unique_ptr<PublicKey>> public_key_of(X509* certificate) {
  KeyPtr key(X509_get_pubkey(certificate));
  const std::optional<KeyKind> kind = key ? kind_of(key.get()) : std::nullopt;
  ERR_clear_error();
  if (!kind || !may_sign(certificate)) return Fatal{Reason::certificate_key_unsupported};
  return make_public_key(std::move(key), *kind);
}

namespace {

using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::vector<std::string> dns_names_of(const X509* certificate) {
  std::vector<std::string> dns_names;
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_DNS) continue;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
    for (char& c : name) c = lower(c);
    dns_names.push_back(std::move(name));
  }
  return dns_names;
}

/// What the certificate is signed with. As in signature_algorithms_cert an ECDSA scheme stands for its hash with any curve.
SignatureScheme signed_with(X509* certificate) {
  struct Signature {
    int hash, kind;
    std::uint16_t scheme;
  };
  constexpr int ecdsa = NID_X9_62_id_ecPublicKey;
  static constexpr Signature signatures[] = {
      {NID_sha256, NID_rsaEncryption, 0x0401},
      {NID_sha384, NID_rsaEncryption, 0x0501},
      {NID_sha512, NID_rsaEncryption, 0x0601},
      {NID_sha256, ecdsa, 0x0403},
      {NID_sha384, ecdsa, 0x0503},
      {NID_sha512, ecdsa, 0x0603},
      {NID_sha256, NID_rsassaPss, 0x0804},
      {NID_sha384, NID_rsassaPss, 0x0805},
      {NID_sha512, NID_rsassaPss, 0x0806},
      {NID_undef, NID_ED25519, 0x0807},
      {NID_sha1, NID_rsaEncryption, 0x0201},
      {NID_sha1, ecdsa, 0x0203},
      {NID_md5, NID_rsaEncryption, 0x0101},
  };
  constexpr SignatureScheme other{0xffff};  // which no peer lists
  int hash = NID_undef, kind = NID_undef;
  X509_get_signature_info(certificate, &hash, &kind, nullptr, nullptr);
  for (const Signature& one : signatures)
    if (one.hash == hash && one.kind == kind) return SignatureScheme{one.scheme};
  return other;
}

bool append_der(const X509* certificate, std::vector<Bytes>& chain) {
  std::uint8_t* der = nullptr;
  const int der_bytes = i2d_X509(certificate, &der);
  if (der_bytes <= 0) return false;
  chain.emplace_back(der, der + der_bytes);
  OPENSSL_free(der);
  return true;
}

}  // namespace
}  // namespace crypto

Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_pem(std::string_view certificates_pem,
                                                                                std::string_view key_pem,
                                                                                std::string_view certificates_name,
                                                                                std::string_view key_name) {
  const auto wrong = [](std::string_view name, std::string_view what) {
    return ConfigError{std::string(name).append(": ").append(what)};
  };
  TOCSIN_TRY_SET(const auto certificates, crypto::certificates_from_pem(certificates_pem, certificates_name));
  TOCSIN_TRY_SET(crypto::KeyPtr key, crypto::private_key_from_pem(key_pem, key_name));
  X509* const end_entity = certificates.front().get();
  //= RFC 9846 4.5.1 //# The sender's certificate MUST come in the first CertificateEntry in the list.
  if (X509_check_private_key(end_entity, key.get()) != 1) {
    ERR_clear_error();
    return wrong(key_name, "the private key does not belong to the first certificate of " + std::string(certificates_name) +
                               "; give the key that the certificate was made for, and that certificate first");
  }
  const std::optional<crypto::KeyKind> kind = crypto::kind_of(key.get());
  if (!kind) {
    ERR_clear_error();
    return wrong(key_name,
                 "keys of this kind are not supported; use ECDSA on P-256, P-384 or P-521, Ed25519, or RSA with 2048 to "
                 "8192 bits");
  }
  if (!crypto::may_sign(end_entity)) {
    return wrong(certificates_name,
                 "the first certificate's keyUsage forbids signing, which TLS 1.3 needs; use one with digitalSignature");
  }
  auto certified = std::make_shared<CertifiedKey>();
  for (const crypto::CertificatePtr& certificate : certificates) {
    if (!crypto::append_der(certificate.get(), certified->chain)) {
      return wrong(certificates_name, "a certificate cannot be encoded: " + crypto::error_text());
    }
    if (X509_self_signed(certificate.get(), 0) != 1) certified->chain_schemes.push_back(crypto::signed_with(certificate.get()));
  }
  certified->dns_names = crypto::dns_names_of(end_entity);
  certified->key = crypto::make_signing_key(std::move(key), *kind);
  if (!certified->key) return wrong(key_name, "libcrypto cannot sign with this key: " + crypto::error_text());
  ERR_clear_error();
  return std::shared_ptr<const CertifiedKey>(std::move(certified));
}

std::string subject_of(ByteView certificate_der) {
  const crypto::CertificatePtr certificate = crypto::parse_certificate(certificate_der);
  std::string subject;
  if (const crypto::BioPtr bio{certificate ? BIO_new(BIO_s_mem()) : nullptr}) {
    char* text = nullptr;
    if (X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253) >= 0)
      if (const long bytes = BIO_get_mem_data(bio.get(), &text); bytes > 0)
        subject.assign(text, static_cast<std::size_t>(bytes));
  }
  ERR_clear_error();
  return subject;
}

Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_files(const std::string& certificates_path,
                                                                                  const std::string& key_path) {
  TOCSIN_TRY_SET(const std::string certificates, crypto::read_file("certificate", certificates_path));
  TOCSIN_TRY_SET(std::string key, crypto::read_file("key", key_path));
  auto certified = certified_key_from_pem(certificates, key, certificates_path, key_path);
  OPENSSL_cleanse(key.data(), key.size());
  return certified;
}

}  // namespace tocsin
