#include "core/handshake/config_check.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

class NobodysProvider final : public Provider {
  Result<Done> random(MutableBytes) override { return Done{}; }
  Result<std::unique_ptr<Hash>> hash(HashAlgorithm) override { return Fatal{Reason::crypto_failed}; }
  Result<Secret> hmac(HashAlgorithm, ByteView, ByteView, ByteView, ByteView) override { return Secret(); }
  Result<std::unique_ptr<Aead>> aead(CipherSuite, ByteView) override { return Fatal{Reason::crypto_failed}; }
  Result<std::unique_ptr<KeyPair>> generate(NamedGroup) override { return Fatal{Reason::crypto_failed}; }
};
class NobodysKey final : public SigningKey {
  bool can_sign_with(SignatureScheme, ProtocolVersion) const override { return true; }
  Result<Done> sign(SignatureScheme, ByteView, Bytes&) const override { return Done{}; }
};
class NobodysVerifier final : public CertificateVerifier, public ClientCertificateVerifier {
  using Verified = Result<std::unique_ptr<PublicKey>>;
  Verified verify(std::span<const ByteView>, std::string_view, UnixSeconds) const override {
    return Fatal{Reason::crypto_failed};
  }
  Verified verify(std::span<const ByteView>, UnixSeconds) const override { return Fatal{Reason::crypto_failed}; }
};

CertifiedKey certificate() { return {{Bytes{1}}, {}, {}, std::make_shared<NobodysKey>()}; }

ServerConfig server_config() {
  ServerConfig config;
  config.provider = std::make_shared<NobodysProvider>();
  config.certificates = {std::make_shared<CertifiedKey>(certificate())};
  return config;
}
ClientConfig client_config() {
  ClientConfig config;
  config.provider = std::make_shared<NobodysProvider>();
  config.verifier = std::make_shared<NobodysVerifier>();
  return config;
}

using Mistake = std::optional<Misuse>;

/// With one change to what is complete.
template <class Change>
Mistake server_mistake(Change&& change) {
  ServerConfig config = server_config();
  change(config);
  return mistake_in(&config);
}
template <class Change>
Mistake client_mistake(Change&& change) {
  ClientConfig config = client_config();
  change(config);
  return mistake_in(&config, handshake::Transport::stream);
}
const auto unchanged = [](auto&) {};

TEST(ConfigCheck, what_is_complete_can_be_used) {
  EXPECT_EQ(server_mistake(unchanged), Mistake());
  EXPECT_EQ(client_mistake(unchanged), Mistake());
}

TEST(ConfigCheck, what_is_missing_is_named) {
  EXPECT_EQ(mistake_in(static_cast<const ServerConfig*>(nullptr)), Misuse::config_missing);
  EXPECT_EQ(mistake_in(static_cast<const ClientConfig*>(nullptr), handshake::Transport::stream), Misuse::config_missing);
  EXPECT_EQ(server_mistake([](auto& config) { config.provider = nullptr; }), Misuse::provider_missing);
  EXPECT_EQ(client_mistake([](auto& config) { config.provider = nullptr; }), Misuse::provider_missing);
  EXPECT_EQ(client_mistake([](auto& config) { config.verifier = nullptr; }), Misuse::verifier_missing);
  EXPECT_EQ(server_mistake([](auto& config) { config.certificates.clear(); }), Misuse::certificate_missing);
}

TEST(ConfigCheck, a_certificate_without_chain_or_key_is_incomplete) {
  const auto spoil = [](auto change) {
    return [change](auto& config) {
      CertifiedKey spoilt = certificate();
      change(spoilt);
      config.certificates.push_back(std::make_shared<CertifiedKey>(spoilt));
    };
  };
  const auto without_key = spoil([](CertifiedKey& spoilt) { spoilt.key = nullptr; });
  const auto without_chain = spoil([](CertifiedKey& spoilt) { spoilt.chain.clear(); });
  const auto null = [](auto& config) { config.certificates.push_back(nullptr); };
  EXPECT_EQ(server_mistake(without_key), Misuse::certificate_incomplete);
  EXPECT_EQ(server_mistake(without_chain), Misuse::certificate_incomplete);
  EXPECT_EQ(server_mistake(null), Misuse::certificate_incomplete);
  EXPECT_EQ(client_mistake(without_key), Misuse::certificate_incomplete);
  EXPECT_EQ(client_mistake(without_chain), Misuse::certificate_incomplete);
  EXPECT_EQ(client_mistake(null), Misuse::certificate_incomplete);
}

TEST(ConfigCheck, a_server_that_asks_for_certificates_needs_a_verifier_of_them) {
  using enum ClientAuthentication;
  for (const ClientAuthentication asks : {optional, required}) {
    EXPECT_EQ(server_mistake([&](auto& config) { config.client_authentication = asks; }), Misuse::client_verifier_missing);
    EXPECT_EQ(server_mistake([&](auto& config) {
                config.client_authentication = asks;
                config.client_verifier = std::make_shared<NobodysVerifier>();
              }),
              Mistake());
  }
}

TEST(ConfigCheck, values_stay_in_the_ranges_of_their_comments) {
  const auto out_of_range = [](auto change) {
    return server_mistake(change) == Misuse::config_out_of_range && client_mistake(change) == Misuse::config_out_of_range;
  };
  EXPECT_TRUE(out_of_range([](auto& config) { config.application_protocols = {"h2", ""}; }));
  EXPECT_TRUE(out_of_range([](auto& config) { config.application_protocols = {std::string(256, 'x')}; }));
  EXPECT_TRUE(out_of_range([](auto& config) { config.record_size_limit = 63; }));
  EXPECT_TRUE(out_of_range([](auto& config) { config.record_size_limit = 16386; }));
  EXPECT_TRUE(out_of_range([](auto& config) { config.datagram_bytes_max = 255; }));
  EXPECT_TRUE(out_of_range([](auto& config) { config.max_fragment_length = MaxFragmentLength{5}; }));
  const auto at_the_ends = [](auto& config) {
    config.application_protocols = {"x", std::string(255, 'x')};
    config.record_size_limit = 16385;
    config.datagram_bytes_max = 256;
  };
  EXPECT_EQ(server_mistake(at_the_ends), Mistake());
  EXPECT_EQ(client_mistake(at_the_ends), Mistake());
}

TEST(ConfigCheck, a_client_has_something_to_offer) {
  const auto mistake = [](handshake::Transport over, std::vector<ProtocolVersion> versions, std::vector<CipherSuite> suites) {
    ClientConfig config = client_config();
    config.versions = std::move(versions);
    config.cipher_suites = std::move(suites);
    return mistake_in(&config, over);
  };
  constexpr auto stream = handshake::Transport::stream, datagram = handshake::Transport::datagram;
  constexpr auto tls12 = ProtocolVersion::tls12, tls13 = ProtocolVersion::tls13;
  const CipherSuite of_tls12 = CipherSuite::ecdhe_rsa_aes_128_gcm_sha256, of_tls13 = CipherSuite::aes_128_gcm_sha256;
  const Mistake none, out_of_range = Misuse::config_out_of_range;
  EXPECT_EQ(mistake(stream, {tls13}, {of_tls12}), out_of_range);
  EXPECT_EQ(mistake(stream, {tls12}, {of_tls13}), out_of_range);
  EXPECT_EQ(mistake(stream, {}, {of_tls13, of_tls12}), out_of_range);
  EXPECT_EQ(mistake(stream, {tls12, tls13}, {}), out_of_range);
  EXPECT_EQ(mistake(stream, {tls12, tls13}, {of_tls12}), none);
  EXPECT_EQ(mistake(datagram, {tls13}, {of_tls13}), out_of_range) << "whatever versions it names, DTLS is 1.2";
  EXPECT_EQ(mistake(datagram, {tls13}, {of_tls12}), none);
  EXPECT_EQ(client_mistake([](auto& config) { config.groups.clear(); }), out_of_range);
  EXPECT_EQ(client_mistake([](auto& config) { config.signature_schemes.clear(); }), out_of_range);
}

}  // namespace
}  // namespace tocsin
