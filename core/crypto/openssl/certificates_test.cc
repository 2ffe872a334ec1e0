#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "core/crypto/openssl/signature.h"
#include "core/crypto/openssl/support.h"
#include "core/crypto/testing.h"

namespace tocsin {
namespace {

using test::read_text;
using test::server_key;
using test::testdata;

constexpr SignatureScheme every_scheme[] = {SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ecdsa_secp384r1_sha384,
                                            SignatureScheme::ecdsa_secp521r1_sha512, SignatureScheme::ed25519,
                                            SignatureScheme::rsa_pss_rsae_sha256,    SignatureScheme::rsa_pss_rsae_sha384,
                                            SignatureScheme::rsa_pss_rsae_sha512,    SignatureScheme::rsa_pkcs1_sha256,
                                            SignatureScheme::rsa_pkcs1_sha384,       SignatureScheme::rsa_pkcs1_sha512};

std::vector<ByteView> views_of(const std::vector<Bytes>& chain) { return {chain.begin(), chain.end()}; }

std::unique_ptr<PublicKey> public_key_of(const CertifiedKey& certified) {
  auto key = insecure_trust_anyone()->verify(views_of(certified.chain), "", test::year_2026);
  EXPECT_TRUE(key);
  return std::move(*key);
}

struct Signer {
  const char* name;
  std::vector<SignatureScheme> schemes;  // of TLS 1.3
};
// RFC 9846 4.3.3: in TLS 1.2 an ECDSA scheme says nothing of the curve, and RSA may also be PKCS #1.
std::vector<SignatureScheme> tls12_schemes_of(const Signer& signer) {
  std::vector<SignatureScheme> schemes = signer.schemes;
  if (std::string_view(signer.name).starts_with("ecdsa"))
    schemes = {SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ecdsa_secp384r1_sha384,
               SignatureScheme::ecdsa_secp521r1_sha512};
  if (std::string_view(signer.name).starts_with("rsa"))
    schemes.insert(schemes.end(),
                   {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pkcs1_sha384, SignatureScheme::rsa_pkcs1_sha512});
  return schemes;
}
const Signer signers[] = {
    {"ecdsa-p256", {SignatureScheme::ecdsa_secp256r1_sha256}},
    {"ecdsa-p384", {SignatureScheme::ecdsa_secp384r1_sha384}},
    {"ecdsa-p521", {SignatureScheme::ecdsa_secp521r1_sha512}},
    {"ed25519", {SignatureScheme::ed25519}},
    {"rsa2048",
     {SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pss_rsae_sha384, SignatureScheme::rsa_pss_rsae_sha512}}};

//= RFC 9846 4.3.3 //# The keys found in certificates MUST also be of appropriate type for the signature
//= RFC 9846 4.3.3 //# If the public key is carried in an X.509 certificate, it MUST use the rsaEncryption OID
TEST(Signature, each_kind_of_key_signs_and_verifies_with_its_own_schemes_only) {
  for (const Signer& signer : signers) {
    const auto certified = server_key(signer.name);
    const auto public_key = public_key_of(*certified);
    const std::vector<SignatureScheme> older_schemes = tls12_schemes_of(signer);
    for (const SignatureScheme scheme : every_scheme) {
      const bool is_own = std::ranges::find(signer.schemes, scheme) != signer.schemes.end();
      EXPECT_EQ(certified->key->can_sign_with(scheme, ProtocolVersion::tls13), is_own) << signer.name << " " << name_of(scheme);
      EXPECT_EQ(public_key->can_verify_with(scheme, ProtocolVersion::tls13), is_own) << signer.name << " " << name_of(scheme);
      const bool is_own_of_older = std::ranges::find(older_schemes, scheme) != older_schemes.end();
      EXPECT_EQ(certified->key->can_sign_with(scheme, ProtocolVersion::tls12), is_own_of_older)
          << signer.name << " " << name_of(scheme);
      EXPECT_EQ(public_key->can_verify_with(scheme, ProtocolVersion::tls12), is_own_of_older)
          << signer.name << " " << name_of(scheme);
      Bytes signature;
      EXPECT_EQ(static_cast<bool>(certified->key->sign(scheme, bytes_of("message"), signature)), is_own_of_older);
      EXPECT_EQ(signature.empty(), !is_own_of_older);
      EXPECT_EQ(static_cast<bool>(public_key->verify(scheme, bytes_of("message"), signature)), is_own_of_older);
    }
  }
}

TEST(Signature, is_appended_and_may_be_made_again) {
  for (const Signer& signer : signers) {
    const auto certified = server_key(signer.name);
    const auto public_key = public_key_of(*certified);
    for (int i = 0; i < 3; ++i) {
      Bytes out{1, 2, 3};
      ASSERT_TRUE(certified->key->sign(signer.schemes[0], bytes_of("message"), out));
      EXPECT_EQ(out[2], 3);
      EXPECT_TRUE(public_key->verify(signer.schemes[0], bytes_of("message"), ByteView(out).subspan(3)));
    }
  }
}

TEST(Signature, a_changed_signature_or_message_does_not_verify) {
  for (const Signer& signer : signers) {
    const auto certified = server_key(signer.name);
    const auto public_key = public_key_of(*certified);
    const SignatureScheme scheme = signer.schemes[0];
    Bytes signature;
    ASSERT_TRUE(certified->key->sign(scheme, bytes_of("message"), signature));
    EXPECT_EQ(test::refusal_of(public_key->verify(scheme, bytes_of("messagf"), signature)), Reason::signature_invalid);
    EXPECT_EQ(test::refusal_of(public_key->verify(scheme, bytes_of("message"), {})), Reason::signature_invalid);
    for (std::size_t at = 0; at < signature.size(); at += 7) {
      Bytes changed = signature;
      changed[at] ^= 1;
      EXPECT_EQ(test::refusal_of(public_key->verify(scheme, bytes_of("message"), changed)), Reason::signature_invalid) << at;
    }
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
}

TEST(Signature, another_scheme_of_the_same_rsa_key_does_not_verify) {
  const auto certified = server_key("rsa2048");
  Bytes signature;
  ASSERT_TRUE(certified->key->sign(SignatureScheme::rsa_pss_rsae_sha384, bytes_of("message"), signature));
  const auto public_key = public_key_of(*certified);
  EXPECT_FALSE(public_key->verify(SignatureScheme::rsa_pss_rsae_sha256, bytes_of("message"), signature));
}

TEST(CertifiedKey, holds_the_chain_and_the_names_in_lower_case) {
  const auto certified = server_key("ecdsa-p256");
  EXPECT_EQ(certified->chain.size(), 1u);
  EXPECT_EQ(certified->dns_names, (std::vector<std::string>{"localhost", "example.test"}));
  EXPECT_EQ(server_key("wildcard")->dns_names, std::vector<std::string>{"*.wild.example.test"});
  EXPECT_EQ(server_key("intermediate")->chain.size(), 2u);
}

/// What is said about this pair of files.
std::string complaint(const std::string& certificate, const std::string& key) {
  const auto result = certified_key_from_files(testdata(certificate), testdata(key));
  return result ? "none" : result.error().message;
}

TEST(CertifiedKey, complaints_name_the_file_and_the_remedy) {
  EXPECT_EQ(complaint("server-ecdsa-p256.pem", "missing.key.pem"),
            "cannot read key file 'harnesses/testdata/missing.key.pem': No such file or directory");
  EXPECT_EQ(complaint("missing.pem", "server-ecdsa-p256.key.pem"),
            "cannot read certificate file 'harnesses/testdata/missing.pem': No such file or directory");
  EXPECT_EQ(complaint("", "server-ecdsa-p256.key.pem"), "cannot read certificate file 'harnesses/testdata/': Is a directory");
  EXPECT_EQ(complaint("server-ecdsa-p256.key.pem", "server-ecdsa-p256.key.pem"),
            "harnesses/testdata/server-ecdsa-p256.key.pem: no certificate in PEM form found; expected \"-----BEGIN "
            "CERTIFICATE-----\"");
  EXPECT_EQ(
      complaint("server-ecdsa-p256.pem", "server-ecdsa-p256.pem"),
      "harnesses/testdata/server-ecdsa-p256.pem: no private key in PEM form found; expected \"-----BEGIN PRIVATE KEY-----\"");
  EXPECT_EQ(complaint("server-ecdsa-p256.pem", "server-expired.key.pem"),
            "harnesses/testdata/server-expired.key.pem: the private key does not belong to the first certificate of "
            "harnesses/testdata/server-ecdsa-p256.pem; give the key that the certificate was made for, and that certificate "
            "first");
  EXPECT_NE(complaint("server-rsa1024.pem", "server-rsa1024.key.pem").find("RSA with 2048 to 8192 bits"), std::string::npos);
  EXPECT_NE(complaint("server-not-signing.pem", "server-not-signing.key.pem").find("digitalSignature"), std::string::npos);
}

TEST(CertifiedKey, a_file_is_read_to_its_last_byte_whatever_its_length) {
  std::string certificate = read_text(testdata("server-ecdsa-p256.pem"));
  while (certificate.back() == '\n') certificate.pop_back();
  const std::string path = ::testing::TempDir() + "tocsin-certificate-at-the-end.pem";
  for (const std::size_t size_bytes : {std::size_t{4095}, std::size_t{4096}, std::size_t{4097}, std::size_t{8193}}) {
    std::string text(size_bytes - certificate.size() - 1, 'x');
    for (std::size_t i = 60; i < text.size(); i += 60) text[i] = '\n';
    std::ofstream(path, std::ios::binary) << text << '\n' << certificate;
    EXPECT_TRUE(certified_key_from_files(path, testdata("server-ecdsa-p256.key.pem"))) << size_bytes;
  }
  std::remove(path.c_str());
}

TEST(CertifiedKey, on_a_curve_that_is_spelt_out_it_is_of_no_kind) {  // RFC 5480 2.1.1
  for (const bool is_spelt_out : {false, true}) {
    const crypto::KeyPtr key(EVP_EC_gen("P-256"));
    ASSERT_TRUE(key);
    ASSERT_EQ(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, is_spelt_out ? "explicit" : "named_curve"),
              1);
    unsigned char* encoded = nullptr;
    const int encoded_bytes = i2d_PrivateKey(key.get(), &encoded);
    ASSERT_GT(encoded_bytes, 0);
    const unsigned char* at = encoded;
    const crypto::KeyPtr again(d2i_AutoPrivateKey(nullptr, &at, encoded_bytes));
    OPENSSL_free(encoded);
    ASSERT_TRUE(again);
    EXPECT_EQ(crypto::kind_of(again.get()).has_value(), !is_spelt_out);
  }
}

TEST(CertifiedKey, damaged_pem_is_named_as_such) {
  const std::string certificate = read_text(testdata("server-ecdsa-p256.pem")),
                    key = read_text(testdata("server-ecdsa-p256.key.pem"));
  const auto said = [](const std::string& certificate_pem, const std::string& key_pem) {
    const auto result = certified_key_from_pem(certificate_pem, key_pem, "c", "k");
    return result ? "none" : result.error().message;
  };
  EXPECT_EQ(said(certificate, key), "none");
  EXPECT_EQ(said(certificate + certificate.substr(0, certificate.size() / 2), key).find("c: certificate 2 cannot be parsed: "),
            0u);
  EXPECT_EQ(said(certificate, key.substr(0, key.size() - 60)).find("k: the private key cannot be parsed: "), 0u);
  EXPECT_EQ(said("", "").find("c: no certificate"), 0u);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(CertifiedKey, other_blocks_in_a_file_are_passed_over) {
  const std::string certificate = read_text(testdata("server-ecdsa-p256.pem")),
                    key = read_text(testdata("server-ecdsa-p256.key.pem"));
  const std::string parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  for (const std::string& both : {certificate + key, key + certificate, parameters + key + certificate}) {
    const auto certified = certified_key_from_pem(both, both);
    ASSERT_TRUE(certified) << certified.error().message;
    EXPECT_EQ((*certified)->chain.size(), 1u);
  }
}

TEST(CertifiedKey, an_encrypted_key_is_refused_without_asking_for_a_passphrase) {
  const auto result =
      certified_key_from_pem(read_text(testdata("server-ecdsa-p256.pem")), read_text(testdata("encrypted.key.pem")), "c", "k");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "k: the private key is encrypted with a passphrase; decrypt it first, as with \"openssl pkey\"");
}

}  // namespace
}  // namespace tocsin
