#include "harnesses/tool/tls/options.h"

#include <gtest/gtest.h>

#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

TEST(parse_groups, keeps_the_order_and_knows_the_usual_names_in_any_case) {
  const std::vector<NamedGroup> expected{NamedGroup::secp384r1, NamedGroup::x25519, NamedGroup::secp256r1};
  EXPECT_EQ(parse_groups("P-384,X25519,prime256v1"), expected);
  EXPECT_EQ(parse_groups("secp384r1:x25519:secp256r1"), expected);
}

TEST(parse_groups, refuses_unknown_repeated_and_missing_names) {
  EXPECT_THROW(parse_groups("x25519,x448"), UsageError);
  EXPECT_THROW(parse_groups("P-256,secp256r1"), UsageError);
  EXPECT_THROW(parse_groups("x25519,"), UsageError);
}

TEST(parse_cipher_suites, knows_the_three_suites) {
  const std::vector<CipherSuite> expected{CipherSuite::chacha20_poly1305_sha256, CipherSuite::aes_256_gcm_sha384,
                                          CipherSuite::aes_128_gcm_sha256};
  EXPECT_EQ(parse_cipher_suites("TLS_CHACHA20_POLY1305_SHA256,TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256"), expected);
  EXPECT_THROW(parse_cipher_suites("TLS_RSA_WITH_AES_128_CBC_SHA"), UsageError);
}

TEST(parse_application_protocols, splits_at_commas_and_refuses_lengths_that_alpn_cannot_express) {
  EXPECT_EQ(parse_application_protocols("h2,http/1.1"), (std::vector<std::string>{"h2", "http/1.1"}));
  EXPECT_EQ(parse_application_protocols(std::string(255, 'a')).size(), 1u);
  EXPECT_THROW(parse_application_protocols(std::string(256, 'a')), UsageError);
  EXPECT_THROW(parse_application_protocols("h2,,http/1.1"), UsageError);
}

TEST(apply, refuses_a_key_log_that_cannot_be_opened) {
  CommonOptions options;
  options.key_log_path = "/nonexistent/keys";
  CommonConfig config;
  EXPECT_THROW(apply(options, config), UsageError);
}

}  // namespace
}  // namespace tocsin::tool
