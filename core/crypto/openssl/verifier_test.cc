#include <openssl/err.h>

#include <filesystem>
#include <fstream>

#include "core/crypto/testing.h"

namespace tocsin {
namespace {

using test::testdata;

std::vector<Bytes> chain_of(const std::string& name) { return test::server_key(name)->chain; }

std::optional<Reason> verdict(const CertificateVerifier& verifier, const std::vector<Bytes>& chain, std::string_view name,
                              UnixSeconds now = test::year_2026) {
  const std::vector<ByteView> views(chain.begin(), chain.end());
  const auto result = verifier.verify(views, name, now);
  EXPECT_EQ(ERR_peek_error(), 0u);
  return test::refusal_of(result);
}

std::shared_ptr<const CertificateVerifier> trust(const std::string& file) {
  auto verifier = trust_path(testdata(file));
  EXPECT_TRUE(verifier) << verifier.error().message;
  return *verifier;
}

const std::optional<Reason> none;

TEST(CertificateVerifier, accepts_every_kind_of_key_for_its_names) {
  const auto verifier = trust("ca.pem");
  for (const char* name : {"ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ed25519", "rsa2048"}) {
    EXPECT_EQ(verdict(*verifier, chain_of(name), "localhost"), none) << name;
    EXPECT_EQ(verdict(*verifier, chain_of(name), "EXAMPLE.test"), none) << name;
    EXPECT_EQ(verdict(*verifier, chain_of(name), "other.test"), Reason::certificate_name_mismatch) << name;
  }
}

TEST(CertificateVerifier, a_known_certificate_is_verified_like_a_new_one) {
  for (const std::size_t kept_max : {0u, 1u, 2u, 16u}) {
    const auto verifier = *trust_path(testdata("ca.pem"), TrustOptions{kept_max});
    for (int round = 0; round < 3; ++round) {
      for (const char* name : {"ecdsa-p256", "ed25519", "rsa2048"}) {
        auto chain = chain_of(name);
        EXPECT_EQ(verdict(*verifier, chain, "localhost"), none) << name;
        EXPECT_EQ(verdict(*verifier, chain, "other.test"), Reason::certificate_name_mismatch) << name;
        EXPECT_EQ(verdict(*verifier, chain, "localhost", UnixSeconds{0}), Reason::certificate_expired) << name;
        chain[0].back() ^= 1;  // in the signature
        EXPECT_NE(verdict(*verifier, chain, "localhost"), none) << name;
      }
    }
  }
}

TEST(CertificateVerifier, addresses_are_compared_with_addresses_only) {
  const auto verifier = trust("ca.pem");
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256"), "127.0.0.1"), none);
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256"), "127.0.0.2"), Reason::certificate_name_mismatch);
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256"), "::1"), Reason::certificate_name_mismatch);
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p384"), "127.0.0.1"), Reason::certificate_name_mismatch);
}

TEST(CertificateVerifier, a_wildcard_is_one_whole_label) {
  const auto verifier = trust("ca.pem");
  const auto chain = chain_of("wildcard");
  EXPECT_EQ(verdict(*verifier, chain, "a.wild.example.test"), none);
  for (const char* name : {"wild.example.test", "a.b.wild.example.test", ".wild.example.test", "*.wild.example.tes"}) {
    EXPECT_EQ(verdict(*verifier, chain, name), Reason::certificate_name_mismatch) << name;
  }
}

TEST(CertificateVerifier, no_name_and_names_with_special_meaning_match_nothing) {
  const auto verifier = trust("ca.pem");
  for (const std::string_view name : {std::string_view(""), std::string_view(".test"), std::string_view("localhost\0x", 11),
                                      std::string_view("tocsin test ecdsa-p256")}) {  // the last is the subject's common name
    EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256"), name), Reason::certificate_name_mismatch) << name;
  }
}

TEST(CertificateVerifier, time_is_what_the_caller_says) {
  const auto verifier = trust("ca.pem");
  constexpr UnixSeconds first{1577836800}, last{4733510400};  // 2020-01-01, 2120-01-01
  const auto after = [](UnixSeconds time, int seconds) { return UnixSeconds{static_cast<std::int64_t>(time) + seconds}; };
  EXPECT_EQ(verdict(*verifier, chain_of("ed25519"), "localhost", first), none);
  EXPECT_EQ(verdict(*verifier, chain_of("ed25519"), "localhost", after(first, -1)), Reason::certificate_expired);
  EXPECT_EQ(verdict(*verifier, chain_of("ed25519"), "localhost", after(last, -1)), none);
  EXPECT_EQ(verdict(*verifier, chain_of("ed25519"), "localhost", after(last, 1)), Reason::certificate_expired);
  EXPECT_EQ(verdict(*verifier, chain_of("expired"), "localhost"), Reason::certificate_expired);
  EXPECT_EQ(verdict(*verifier, chain_of("expired"), "localhost", after(first, 60)), none);
}

TEST(CertificateVerifier, an_intermediate_must_be_sent) {
  const auto verifier = trust("ca.pem");
  auto chain = chain_of("intermediate");
  EXPECT_EQ(verdict(*verifier, chain, "localhost"), none);
  chain.pop_back();
  EXPECT_EQ(verdict(*verifier, chain, "localhost"), Reason::certificate_issuer_unknown);
}

//= RFC 9846 4.5.1 //# with the exception of the end-entity certificate which MUST be first.
TEST(CertificateVerifier, certificates_that_do_not_belong_to_the_chain_do_not_matter) {
  auto chain = chain_of("ecdsa-p256");
  append(chain.emplace_back(), chain_of("rsa2048").front());
  EXPECT_EQ(verdict(*trust("ca.pem"), chain, "localhost"), none);
}

TEST(CertificateVerifier, another_authority_is_not_trusted) {
  EXPECT_EQ(verdict(*trust("other-ca.pem"), chain_of("ecdsa-p256"), "localhost"), Reason::certificate_issuer_unknown);
}

TEST(CertificateVerifier, a_server_certificate_may_be_its_own_anchor_and_nobody_elses) {
  const auto verifier = trust("server-ecdsa-p256.pem");
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256"), "localhost"), none);
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p384"), "localhost"), Reason::certificate_issuer_unknown);
}

//= RFC 9846 4.5.1.2 //# That is, the digitalSignature bit MUST be set if the Key Usage extension is present,
TEST(CertificateVerifier, keys_that_are_too_small_or_may_not_sign_are_unsupported) {
  const auto der = [](const std::string& name) {
    // The loader refuses these; take the bytes from the PEM text.
    const auto anchor = trust_path(testdata(name));
    EXPECT_TRUE(anchor);
    const std::string pem = test::read_text(testdata(name));
    Bytes bytes;
    unsigned bits = 0, held = 0;
    const std::size_t begin = pem.find("-----\n") + 6;
    for (const char c : pem.substr(begin, pem.find("-----END") - begin)) {
      const auto at = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
      if (at == std::string_view::npos) continue;
      held = held << 6 | static_cast<unsigned>(at);
      if ((bits += 6) >= 8) bytes.push_back(static_cast<std::uint8_t>(held >> (bits -= 8)));
    }
    return bytes;
  };
  for (const char* name : {"server-rsa1024.pem", "server-not-signing.pem"}) {
    const std::vector<Bytes> chain{der(name)};
    EXPECT_EQ(verdict(*trust("ca.pem"), chain, "localhost"), Reason::certificate_key_unsupported) << name;
    EXPECT_EQ(verdict(*insecure_trust_anyone(), chain, "localhost"), Reason::certificate_key_unsupported) << name;
  }
}

//= RFC 9846 4.5.1.2 //# The certificate type MUST be X.509v3 [RFC5280], unless explicitly negotiated otherwise
TEST(CertificateVerifier, what_is_no_certificate_is_malformed) {
  const auto verifier = trust("ca.pem");
  const Bytes valid = chain_of("ecdsa-p256").front();
  Bytes longer = valid, shorter = valid;
  longer.push_back(0);
  shorter.pop_back();
  for (const Bytes& bytes : {Bytes{}, Bytes{0x30}, longer, shorter}) {
    EXPECT_EQ(verdict(*verifier, {bytes}, "localhost"), Reason::certificate_malformed);
    EXPECT_EQ(verdict(*verifier, {valid, bytes}, "localhost"), Reason::certificate_malformed);
    EXPECT_EQ(verdict(*insecure_trust_anyone(), {bytes}, "localhost"), Reason::certificate_malformed);
  }
  EXPECT_EQ(verdict(*verifier, {}, "localhost"), Reason::certificate_malformed);
  EXPECT_EQ(verdict(*verifier, std::vector<Bytes>(17, valid), "localhost"), Reason::certificate_malformed);
  EXPECT_EQ(verdict(*verifier, std::vector<Bytes>(16, valid), "localhost"), none);
}

TEST(CertificateVerifier, a_changed_signature_is_refused) {
  std::vector<Bytes> chain = chain_of("rsa2048");
  chain[0].back() ^= 1;
  EXPECT_EQ(verdict(*trust("ca.pem"), chain, "localhost"), Reason::certificate_malformed);
}

std::optional<Reason> verdict(const ClientCertificateVerifier& verifier, const std::vector<Bytes>& chain,
                              UnixSeconds now = test::year_2026) {
  const std::vector<ByteView> views(chain.begin(), chain.end());
  const auto result = verifier.verify(views, now);
  EXPECT_EQ(ERR_peek_error(), 0u);
  return test::refusal_of(result);
}

std::vector<Bytes> client_chain(const std::string& name) {
  const auto key = certified_key_from_files(testdata("client-" + name + ".pem"), testdata("client-" + name + ".key.pem"));
  EXPECT_TRUE(key) << key.error().message;
  return (*key)->chain;
}

TEST(ClientCertificateVerifier, trusts_clients_of_its_authority_alone) {
  const auto verifier = *trust_clients_path(testdata("client-ca.pem"));
  for (const char* name : {"ecdsa-p256", "ed25519", "rsa2048"}) {
    EXPECT_EQ(verdict(*verifier, client_chain(name)), none) << name;
    EXPECT_EQ(verdict(*verifier, client_chain(name), UnixSeconds{}), Reason::certificate_expired) << name;
  }
  EXPECT_EQ(verdict(*verifier, client_chain("expired")), Reason::certificate_expired);
  EXPECT_EQ(verdict(*verifier, chain_of("ecdsa-p256")), Reason::certificate_issuer_unknown);
  EXPECT_EQ(verdict(*verifier, {}), Reason::certificate_malformed);
}

TEST(ClientCertificateVerifier, servers_and_clients_are_not_taken_for_each_other) {
  const auto of_clients = *trust_clients_path(testdata("client-ca.pem"));
  const auto of_servers = trust("client-ca.pem");
  EXPECT_EQ(verdict(*of_clients, client_chain("for-servers")), Reason::certificate_key_unsupported);
  EXPECT_EQ(verdict(*of_servers, client_chain("ecdsa-p256"), "localhost"), Reason::certificate_key_unsupported);
  EXPECT_EQ(verdict(**trust_clients_path(testdata("ca.pem")), chain_of("ecdsa-p256")), Reason::certificate_key_unsupported);
}

TEST(ClientCertificateVerifier, a_clients_own_certificate_can_be_the_anchor) {
  const auto verifier = *trust_clients_path(testdata("client-ed25519.pem"));
  EXPECT_EQ(verdict(*verifier, client_chain("ed25519")), none);
  EXPECT_EQ(verdict(*verifier, client_chain("ecdsa-p256")), Reason::certificate_issuer_unknown);
}

TEST(CertificateVerifier, insecure_trust_anyone_trusts_anyone) {
  EXPECT_EQ(verdict(*insecure_trust_anyone(), chain_of("expired"), "whoever"), none);
}

TEST(Trust, a_subject_is_one_line_of_text) {
  EXPECT_EQ(subject_of(client_chain("rsa2048").front()), "CN=tocsin test client rsa2048");
  EXPECT_EQ(subject_of(Bytes{0x30, 0}), "");
  EXPECT_EQ(subject_of({}), "");
}

TEST(Trust, complaints_name_the_file_and_the_remedy) {
  const auto said = [](const VerifierResult& result) { return result ? "none" : result.error().message; };
  EXPECT_EQ(said(trust_path(testdata("missing.pem"))),
            "cannot read trust file 'harnesses/testdata/missing.pem': No such file or directory");
  EXPECT_EQ(said(trust_path(testdata("README.md"))),
            "harnesses/testdata/README.md: no certificate in PEM form found; expected \"-----BEGIN CERTIFICATE-----\"");
  EXPECT_EQ(said(trust_pem("")), "trust: no certificate in PEM form found; expected \"-----BEGIN CERTIFICATE-----\"");
  EXPECT_EQ(said(trust_path("harnesses/testdata")),
            "trust directory 'harnesses/testdata' holds no hashed names; run \"openssl rehash\" on it, or give a file");
}

TEST(Trust, a_directory_of_hashed_names_serves_as_a_store) {
  const std::filesystem::path directory = testing::TempDir() + "tocsin_trust_directory";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  // The name that `openssl x509 -subject_hash` gives for the authority.
  std::filesystem::copy_file(testdata("ca.pem"), directory / "547e235e.0");
  const auto verifier = trust_path(directory.string());
  ASSERT_TRUE(verifier) << verifier.error().message;
  EXPECT_EQ(verdict(**verifier, chain_of("ecdsa-p256"), "localhost"), none);
  std::filesystem::remove_all(directory);
}

TEST(Trust, the_systems_store_does_not_know_the_test_authority) {
  const auto verifier = trust_system_store();
  if (!verifier) GTEST_SKIP() << verifier.error().message;
  EXPECT_EQ(verdict(**verifier, chain_of("ecdsa-p256"), "localhost"), Reason::certificate_issuer_unknown);
}

}  // namespace
}  // namespace tocsin
