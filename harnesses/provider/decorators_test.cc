#include <gtest/gtest.h>

#include <bit>

#include "core/base/testing.h"
#include "harnesses/provider/auditing_provider.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/provider/faulty_provider.h"
#include "harnesses/trace/stats.h"

namespace tocsin::harness {
namespace {

constexpr CipherSuite suite = CipherSuite::aes_128_gcm_sha256;

std::unique_ptr<Aead> aead_of(Provider& provider, std::uint8_t key) { return std::move(*provider.aead(suite, Bytes(16, key))); }

Bytes sealed_by(Aead& aead, std::uint8_t nonce, const Bytes& plaintext) {
  Bytes out(plaintext.size() + Aead::tag_bytes);
  EXPECT_TRUE(aead.seal(Aead::Nonce{nonce}, {}, plaintext, out));
  return out;
}

TEST(AuditingProvider, lets_different_keys_and_nonces_pass_and_counts_them) {
  const auto record = std::make_shared<SealRecord>();
  const auto provider = make_auditing_provider(make_deterministic_provider(1), record);
  const auto one = aead_of(*provider, 1), two = aead_of(*provider, 2);
  const std::uint64_t before = stats().invariant_checks();
  for (std::uint8_t nonce = 0; nonce < 100; ++nonce) {
    sealed_by(*one, nonce, {});
    sealed_by(*two, nonce, {});
  }
  EXPECT_EQ(stats().invariant_checks(), before + 200);
  record->forget();
  const auto again = aead_of(*provider, 1);
  EXPECT_EQ(sealed_by(*again, 0, {}).size(), Aead::tag_bytes);
}

TEST(AuditingProviderDeathTest, a_nonce_used_twice_is_a_finding) {
  const auto provider = make_auditing_provider(make_deterministic_provider(1), std::make_shared<SealRecord>());
  const auto aead = aead_of(*provider, 1);
  sealed_by(*aead, 1, {});
  EXPECT_DEATH(sealed_by(*aead, 1, {5}), "nonce_used_once");
}

TEST(AuditingProviderDeathTest, also_by_another_object_with_the_same_key_at_the_other_end) {
  const auto record = std::make_shared<SealRecord>();
  const auto client = make_auditing_provider(make_deterministic_provider(1), record);
  const auto server = make_auditing_provider(make_deterministic_provider(2), record);
  const auto at_client = aead_of(*client, 1), at_server = aead_of(*server, 1);
  sealed_by(*at_client, 1, {});
  EXPECT_DEATH(sealed_by(*at_server, 1, {}), "nonce_used_once");
}

/// How many bits two byte strings of one length differ in.
int distance(ByteView a, ByteView b) {
  EXPECT_EQ(a.size(), b.size());
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
  return bits;
}

class FaultyProvider : public testing::Test {
 protected:
  std::shared_ptr<Provider> with(Fault::Kind kind, unsigned nth, unsigned bit) {
    injector = std::make_shared<FaultInjector>(Fault{kind, nth, bit});
    honest->reseed(1);
    return make_faulty_provider(honest, injector);
  }
  std::shared_ptr<DeterministicProvider> honest = make_deterministic_provider(1);
  std::shared_ptr<FaultInjector> injector;
};

TEST_F(FaultyProvider, flips_one_bit_of_the_nth_hmac_only) {
  const auto provider = with(Fault::Kind::hmac, 2, 1000);  // modulo 256 bits
  for (unsigned n = 0; n < 5; ++n) {
    EXPECT_EQ(injector->fired(), n > 2);
    const auto expected = honest->hmac(HashAlgorithm::sha256, {}, {}, {}, {});
    const auto got = provider->hmac(HashAlgorithm::sha256, {}, {}, {}, {});
    EXPECT_EQ(distance(*got, *expected), n == 2 ? 1 : 0);
  }
}

// The PRF of TLS 1.2 as it is called (RFC 5246 5): A(1), a block, A(2), a block.
std::vector<Secret> prf_blocks(Provider& provider, std::string_view label) {
  const Bytes seed(64, 7);
  std::vector<Secret> blocks;
  Secret a = *provider.hmac(HashAlgorithm::sha256, {}, bytes_of(label), seed, {});
  for (int i = 0; i < 2; ++i) {
    blocks.push_back(*provider.hmac(HashAlgorithm::sha256, {}, a, bytes_of(label), seed));
    a = *provider.hmac(HashAlgorithm::sha256, {}, a, {}, {});
  }
  return blocks;
}

TEST_F(FaultyProvider, flips_no_bit_behind_the_end_of_a_secret_of_tls12) {
  const auto provider = with(Fault::Kind::hmac, 3, 237);
  const auto got = prf_blocks(*provider, "master secret"), expected = prf_blocks(*honest, "master secret");
  EXPECT_EQ(distance(got[0], expected[0]), 0);
  EXPECT_EQ(distance(got[1].view().first(16), expected[1].view().first(16)), 1);
  EXPECT_EQ(distance(got[1], expected[1]), 1);
}

TEST_F(FaultyProvider, says_which_byte_of_the_key_block_was_changed) {
  const auto provider = with(Fault::Kind::hmac, 3, 237);
  const auto got = prf_blocks(*provider, "key expansion"), expected = prf_blocks(*honest, "key expansion");
  EXPECT_EQ(distance(got[1], expected[1]), 1);
  EXPECT_EQ(injector->key_block_byte(), 32u + 237 / 8);
}

TEST_F(FaultyProvider, flips_a_bit_of_the_hash_and_the_hash_goes_on_rightly) {
  const auto provider = with(Fault::Kind::hash, 0, 3);
  const auto hash = provider->hash(HashAlgorithm::sha384), expected = honest->hash(HashAlgorithm::sha384);
  EXPECT_EQ(distance(*(*hash)->current(), *(*expected)->current()), 1);
  EXPECT_EQ(distance(*(*hash)->current(), *(*expected)->current()), 0);
}

TEST_F(FaultyProvider, flips_a_bit_of_the_public_key_but_keeps_the_private_one) {
  const auto provider = with(Fault::Kind::public_key, 0, 255);  // the one bit that x25519 ignores: the first takes its place
  const auto changed = provider->generate(NamedGroup::x25519);
  honest->reseed(1);
  const auto original = honest->generate(NamedGroup::x25519), peer = honest->generate(NamedGroup::x25519);
  EXPECT_EQ(distance((*changed)->public_key(), (*original)->public_key()), 1);
  EXPECT_NE((*changed)->public_key()[0], (*original)->public_key()[0]);
  EXPECT_EQ(distance(*(*changed)->derive((*peer)->public_key()), *(*original)->derive((*peer)->public_key())), 0);
}

TEST_F(FaultyProvider, flips_a_bit_of_the_shared_secret) {
  const auto provider = with(Fault::Kind::derive, 0, 9);
  const auto a = provider->generate(NamedGroup::secp256r1), b = provider->generate(NamedGroup::secp256r1);
  EXPECT_EQ(distance(*(*a)->derive((*b)->public_key()), *(*b)->derive((*a)->public_key())), 1);
}

TEST_F(FaultyProvider, a_changed_plaintext_is_sealed_validly) {
  const auto provider = with(Fault::Kind::seal_plaintext, 1, 7);
  const auto faulty = aead_of(*provider, 1), right = aead_of(*honest, 1);
  const Bytes plaintext{1, 2, 3};
  for (std::uint8_t n = 0; n < 3; ++n) {
    sealed_by(*faulty, n, {});  // has no bit to flip, and does not count
    const Bytes sealed = sealed_by(*faulty, n, plaintext);
    Bytes opened(plaintext.size());
    ASSERT_TRUE(right->open(Aead::Nonce{n}, {}, sealed, opened));
    EXPECT_EQ(distance(opened, plaintext), n == 1 ? 1 : 0);
  }
  EXPECT_TRUE(injector->fired());
}

TEST_F(FaultyProvider, a_changed_ciphertext_does_not_open) {
  const auto provider = with(Fault::Kind::seal_ciphertext, 1, 130);
  const auto faulty = aead_of(*provider, 1), right = aead_of(*honest, 1);
  for (std::uint8_t n = 0; n < 3; ++n) {
    const Bytes sealed = sealed_by(*faulty, n, {9});
    Bytes opened(1);
    EXPECT_EQ(static_cast<bool>(right->open(Aead::Nonce{n}, {}, sealed, opened)), n != 1);
  }
}

TEST_F(FaultyProvider, a_changed_key_is_another_key) {
  const auto provider = with(Fault::Kind::aead_key, 0, 127);
  const auto faulty = aead_of(*provider, 1), unchanged = aead_of(*provider, 1), right = aead_of(*honest, 1);
  Bytes opened(1);
  EXPECT_FALSE(right->open(Aead::Nonce{0}, {}, sealed_by(*faulty, 0, {9}), opened));
  EXPECT_TRUE(right->open(Aead::Nonce{0}, {}, sealed_by(*unchanged, 0, {9}), opened));
}

TEST_F(FaultyProvider, flips_a_bit_of_the_nth_signature) {
  const auto right = deterministic_certified_key("example.test");
  const auto faults = std::make_shared<FaultInjector>(Fault{Fault::Kind::sign, 1, 511});
  const auto faulty = faulty_certified_key(right, faults);
  EXPECT_EQ(faulty->chain, right->chain);
  const auto scheme = SignatureScheme::ecdsa_secp256r1_sha256;
  ASSERT_TRUE(faulty->key->can_sign_with(scheme, ProtocolVersion::tls13));
  for (int n = 0; n < 3; ++n) {
    Bytes got{1}, expected{1};
    ASSERT_TRUE(faulty->key->sign(scheme, bytes_of("message"), got));
    ASSERT_TRUE(right->key->sign(scheme, bytes_of("message"), expected));
    EXPECT_EQ(distance(got, expected), n == 1 ? 1 : 0);
  }
  EXPECT_TRUE(faults->fired());
}

TEST_F(FaultyProvider, a_fault_that_is_not_reached_has_not_fired) {
  const auto provider = with(Fault::Kind::hash, 0, 0);
  ASSERT_TRUE(provider->hmac(HashAlgorithm::sha256, {}, {}, {}, {}));
  EXPECT_FALSE(injector->fired());
}

}  // namespace
}  // namespace tocsin::harness
