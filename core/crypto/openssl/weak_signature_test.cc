// Certificates by what they are signed with, MD5 and SHA-1 among it (RFC 9846 4.5.1.2, 4.5.1.3). They are made here: nobody
// should find such a file and use it.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/crypto/testing.h"

namespace tocsin {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

const std::string key_name = "server-rsa2048.key.pem";  // of the authority and of the server alike

KeyPtr key() {
  const std::string pem = test::read_text(test::testdata(key_name));
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  ASSERT_EQ(X509_add_ext(certificate, extension, -1), 1);
  X509_EXTENSION_free(extension);
}

X509Ptr certificate(const char* subject, const char* issuer, const EVP_MD* hash) {
  X509Ptr made(X509_new(), X509_free);
  const KeyPtr signing = key();
  const auto set_name = [](X509_NAME* name, const char* text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
  };
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), subject == issuer ? 1 : 2);
  set_name(X509_get_subject_name(made.get()), subject);
  set_name(X509_get_issuer_name(made.get()), issuer);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), 1577836800);  // 2020
  ASN1_TIME_set(X509_getm_notAfter(made.get()), 1893456000);   // 2030
  X509_set_pubkey(made.get(), signing.get());
  if (std::string_view(subject) == issuer) {
    add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  } else {
    add_extension(made.get(), NID_subject_alt_name, "DNS:localhost");
  }
  EXPECT_GT(X509_sign(made.get(), signing.get(), hash), 0);
  return made;
}

std::string pem_of(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  EXPECT_EQ(PEM_write_bio_X509(bio.get(), certificate), 1);
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(bytes)};
}

std::shared_ptr<const CertifiedKey> certified(const EVP_MD* hash) {
  const std::string pem =
      pem_of(certificate("server", "authority", hash).get()) + pem_of(certificate("authority", "authority", hash).get());
  auto made = certified_key_from_pem(pem, test::read_text(test::testdata(key_name)));
  EXPECT_TRUE(made) << made.error().message;
  return made ? *made : nullptr;
}

std::optional<Reason> verdict(const EVP_MD* of_server, const EVP_MD* of_authority) {
  const auto trusted = trust_pem(pem_of(certificate("authority", "authority", of_authority).get()));
  EXPECT_TRUE(trusted);
  const auto server = certified(of_server);
  const ByteView chain[] = {server->chain.front()};
  const auto result = (*trusted)->verify(chain, "localhost", test::year_2026);
  ERR_clear_error();
  return test::refusal_of(result);
}

//= RFC 9846 4.5.1.3 //# Any endpoint receiving any certificate which it would need to validate using any signature algorithm using an MD5 hash MUST abort the handshake with a "bad_certificate" alert.
TEST(WeakSignature, a_certificate_signed_over_md5_or_sha1_is_refused_as_bad) {
  EXPECT_EQ(verdict(EVP_sha256(), EVP_sha256()), std::nullopt);
  for (const EVP_MD* weak : {EVP_md5(), EVP_sha1()})
    EXPECT_EQ(verdict(weak, EVP_sha256()), Reason::certificate_signature_weak) << EVP_MD_get0_name(weak);
  EXPECT_EQ(alert_for(Reason::certificate_signature_weak), AlertDescription::bad_certificate);
}

TEST(WeakSignature, what_an_anchor_is_signed_with_does_not_matter) {
  EXPECT_EQ(verdict(EVP_sha256(), EVP_md5()), std::nullopt);
}

TEST(ChainSchemes, are_those_of_every_certificate_that_is_not_self_signed) {
  using enum SignatureScheme;
  const auto schemes_over = [](const EVP_MD* hash) { return certified(hash)->chain_schemes; };
  EXPECT_EQ(schemes_over(EVP_sha256()), std::vector{rsa_pkcs1_sha256});
  EXPECT_EQ(schemes_over(EVP_sha384()), std::vector{rsa_pkcs1_sha384});
  EXPECT_EQ(schemes_over(EVP_sha512()), std::vector{rsa_pkcs1_sha512});
  EXPECT_EQ(schemes_over(EVP_sha1()), std::vector{SignatureScheme{0x0201}});
  EXPECT_EQ(schemes_over(EVP_md5()), std::vector{SignatureScheme{0x0101}});
  EXPECT_EQ(schemes_over(EVP_sha224()), std::vector{SignatureScheme{0xffff}});  // no peer lists it
  EXPECT_EQ(test::server_key("intermediate")->chain_schemes, (std::vector{ecdsa_secp256r1_sha256, ecdsa_secp256r1_sha256}));
}

}  // namespace
}  // namespace tocsin
