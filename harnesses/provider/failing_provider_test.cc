#include "harnesses/provider/failing_provider.h"

#include <gtest/gtest.h>

#include <array>

#include "harnesses/provider/deterministic_provider.h"

namespace tocsin::harness {
namespace {

// Whether each of five operations of different kinds succeeds.
std::array<bool, 5> outcomes(const std::shared_ptr<FailurePlan>& plan) {
  const auto provider = make_failing_provider(make_deterministic_provider(1), plan);
  const auto key = failing_certified_key(deterministic_certified_key("localhost"), plan);
  std::array<std::uint8_t, 8> drawn{};
  Bytes signature;
  return {bool(provider->random(drawn)), bool(provider->hmac(HashAlgorithm::sha256, drawn, drawn)),
          bool(provider->hash(HashAlgorithm::sha256)), bool(provider->generate(NamedGroup::x25519)),
          bool(key->key->sign(SignatureScheme::ecdsa_secp256r1_sha256, drawn, signature))};
}

TEST(FailingProvider, fails_once_at_the_operation_that_is_due) {
  const auto plan = std::make_shared<FailurePlan>(2, FailurePlan::Lasts::once);
  EXPECT_EQ(outcomes(plan), (std::array{true, true, false, true, true}));
  EXPECT_TRUE(plan->fired());
}

TEST(FailingProvider, fails_for_ever_from_the_operation_that_is_due) {
  EXPECT_EQ(outcomes(std::make_shared<FailurePlan>(2, FailurePlan::Lasts::for_ever)),
            (std::array{true, true, false, false, false}));
}

TEST(FailingProvider, does_nothing_before_it_is_due) {
  const auto plan = std::make_shared<FailurePlan>(5, FailurePlan::Lasts::for_ever);
  EXPECT_EQ(outcomes(plan), (std::array{true, true, true, true, true}));
  EXPECT_FALSE(plan->fired());
}

TEST(FailingProvider, makes_objects_that_fail_as_well) {
  const auto plan = std::make_shared<FailurePlan>(3, FailurePlan::Lasts::for_ever);
  const auto provider = make_failing_provider(make_deterministic_provider(1), plan);
  const auto hash = provider->hash(HashAlgorithm::sha256);
  const auto pair = provider->generate(NamedGroup::x25519);
  const auto aead = provider->aead(CipherSuite::aes_128_gcm_sha256, Bytes(16));
  ASSERT_TRUE(hash && pair && aead);
  Bytes sealed(Aead::tag_bytes);
  EXPECT_EQ((*hash)->update({}).error(), Fatal{Reason::crypto_failed});
  EXPECT_EQ((*pair)->derive((*pair)->public_key()).error(), Fatal{Reason::crypto_failed});
  EXPECT_EQ((*aead)->seal({}, {}, {}, sealed).error(), Fatal{Reason::crypto_failed});
}

}  // namespace
}  // namespace tocsin::harness
