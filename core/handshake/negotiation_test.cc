// Which certificate is shown, by the signatures in its chain (RFC 9846 4.3.3, 4.5.1.2).
#include "core/handshake/negotiation.h"

#include <gtest/gtest.h>

#include "core/crypto/testing.h"
#include "core/wire/testing.h"

namespace tocsin::handshake {
namespace {

using enum SignatureScheme;
constexpr SignatureScheme rsa_pkcs1_sha1{0x0201}, rsa_pkcs1_md5{0x0101};

using Certificates = std::vector<std::shared_ptr<const CertifiedKey>>;

/// A certificate with this chain's schemes, whose own are unimportant.
std::shared_ptr<const CertifiedKey> key_of(const std::string& name, std::vector<SignatureScheme> chain_schemes) {
  auto key = std::make_shared<CertifiedKey>(*test::server_key(name));
  key->chain_schemes = std::move(chain_schemes);
  return key;
}

Bytes wire_of(std::initializer_list<SignatureScheme> schemes) {
  Bytes wire;
  for (const SignatureScheme scheme : schemes) Writer(wire).u16(static_cast<std::uint16_t>(scheme));
  return wire;
}

struct Asked {
  Bytes in_proof = wire_of({ecdsa_secp256r1_sha256, ed25519});
  std::optional<Bytes> in_chain{};
  std::string_view name = "localhost";
};

/// Its index among the certificates; -1: none.
int index_of(const CertifiedKey* chosen, const Certificates& certificates) {
  for (std::size_t i = 0; i < certificates.size(); ++i)
    if (certificates[i].get() == chosen) return static_cast<int>(i);
  return -1;
}

bool can_sign(const CertifiedKey& certificate, SignatureScheme scheme) {
  return certificate.key->can_sign_with(scheme, ProtocolVersion::tls13);
}

int servers_choice(const Certificates& certificates, const Asked& asked = {}) {
  ServerConfig config;
  config.certificates = certificates;
  wire::ClientHello hello;
  const Bytes names = test::names_of(asked.name);
  hello.server_names = wire::ServerNames(names);
  hello.signature_algorithms = CodeList<SignatureScheme>(asked.in_proof);
  if (asked.in_chain) hello.signature_algorithms_cert = CodeList<SignatureScheme>(*asked.in_chain);
  const auto chosen = choose_certificate(config, hello, can_sign);
  if (chosen) return index_of(chosen->certificate, certificates);
  EXPECT_EQ(chosen.error().why, Reason::no_common_signature_scheme);
  return -1;
}

int clients_choice(const Certificates& certificates, const Asked& asked = {}) {
  ClientConfig config;
  config.certificates = certificates;
  const CodeList<SignatureScheme> in_proof(asked.in_proof);
  const CodeList<SignatureScheme> in_chain = asked.in_chain ? CodeList<SignatureScheme>(*asked.in_chain) : in_proof;
  return index_of(choose_certificate(config, {in_proof, in_chain}, can_sign).certificate, certificates);
}

//= RFC 9846 4.5.1.2 //# All certificates provided by the sender MUST be signed by a signature algorithm
TEST(CertificateChoice, is_by_the_signatures_of_the_chain_that_signature_algorithms_lists) {
  const auto first = key_of("ecdsa-p256", {rsa_pkcs1_sha256}), second = key_of("ed25519", {ecdsa_secp256r1_sha256, ed25519});
  for (const auto& choice : {servers_choice, clients_choice}) {
    EXPECT_EQ(choice({first, second}, {}), 1);
    EXPECT_EQ(choice({second, first}, {}), 0);
  }
}

//= RFC 9846 9.2 //# a TLS-compliant application MUST implement the following TLS extensions:
TEST(CertificateChoice, is_by_signature_algorithms_cert_where_there_is_one) {
  const auto first = key_of("ecdsa-p256", {ecdsa_secp256r1_sha256}), second = key_of("ed25519", {rsa_pkcs1_sha256});
  const Asked asked{.in_chain = wire_of({rsa_pkcs1_sha256})};
  for (const auto& choice : {servers_choice, clients_choice}) EXPECT_EQ(choice({first, second}, asked), 1);
}

TEST(CertificateChoice, every_certificate_of_the_chain_counts) {
  const auto first = key_of("ecdsa-p256", {ecdsa_secp256r1_sha256, rsa_pkcs1_sha256}), second = key_of("ed25519", {ed25519});
  for (const auto& choice : {servers_choice, clients_choice}) EXPECT_EQ(choice({first, second}, {}), 1);
}

//= RFC 9846 4.3.3 //# TLS 1.3 servers MUST NOT offer a SHA-1 signed certificate unless no valid certificate
//= RFC 9846 4.5.1.2 //# This fallback chain MUST NOT use the deprecated SHA-1 hash, unless the client
TEST(CertificateChoice, falls_back_to_another_chain_but_never_to_one_over_md5_or_sha1) {
  const auto other = key_of("ecdsa-p256", {rsa_pkcs1_sha384});
  for (const SignatureScheme weak : {rsa_pkcs1_sha1, rsa_pkcs1_md5}) {
    const auto over_weak = key_of("ed25519", {ecdsa_secp256r1_sha256, weak});
    for (const auto& choice : {servers_choice, clients_choice}) {
      EXPECT_EQ(choice({over_weak, other}, {}), 1);
      EXPECT_EQ(choice({over_weak}, {}), -1);
      EXPECT_EQ(choice({over_weak}, {.in_chain = wire_of({weak, ecdsa_secp256r1_sha256})}), 0);
    }
  }
}

TEST(CertificateChoice, the_name_counts_more_than_the_chain) {
  const auto wildcard = key_of("wildcard", {ecdsa_secp256r1_sha256}), named = key_of("ecdsa-p256", {rsa_pkcs1_sha256});
  EXPECT_EQ(servers_choice({wildcard, named}), 1);
  EXPECT_EQ(servers_choice({wildcard, named}, {.name = "other.test"}), 0);
}

TEST(CertificateChoice, a_chain_of_which_nothing_is_known_suits) {
  EXPECT_EQ(servers_choice({key_of("ecdsa-p256", {}), key_of("ed25519", {ed25519})}), 0);
}

}  // namespace
}  // namespace tocsin::handshake
