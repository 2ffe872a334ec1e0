#include "harnesses/provider/deterministic_provider.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/testing.h"
#include "harnesses/provider/mixing.h"

namespace tocsin::harness {
namespace {

using test::copy_of;
using test::refusal_of;

Bytes flipped(Bytes bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1u << bit % 8);
  return bytes;
}

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

TEST(Mixer, does_not_see_how_its_input_was_cut) {
  const Bytes input = counting(40);
  const auto mixed = [&](std::size_t first, std::size_t second) {
    Mixer mixer(1);
    mixer.absorb(ByteView(input).first(first));
    mixer.absorb(ByteView(input).subspan(first, second - first));
    mixer.absorb(ByteView(input).subspan(second));
    return mixer.squeeze_word();
  };
  for (std::size_t first = 0; first <= input.size(); ++first)
    for (std::size_t second = first; second <= input.size(); ++second) EXPECT_EQ(mixed(first, second), mixed(0, 0));
}

TEST(Mixer, sees_every_bit_and_the_length) {
  std::set<std::uint64_t> seen;
  const auto mixed = [](const Bytes& input) {
    Mixer mixer(1);
    mixer.absorb(input);
    return mixer.squeeze_word();
  };
  std::size_t inputs = 0;
  for (std::size_t size = 0; size <= 40; ++size) {
    EXPECT_TRUE(seen.insert(mixed(Bytes(size))).second) << size;
    for (std::size_t bit = 0; bit < size * 8; ++bit, ++inputs)
      EXPECT_TRUE(seen.insert(mixed(flipped(Bytes(size), bit))).second);
  }
  EXPECT_EQ(seen.size(), inputs + 41);
}

TEST(DeterministicProvider, everything_drawn_follows_from_the_seed) {
  const auto drawn = [](Provider& provider) {
    Bytes bytes(13);
    EXPECT_TRUE(provider.random(bytes));
    return test::join({bytes, copy_of((*provider.generate(NamedGroup::secp384r1))->public_key())});
  };
  const auto a = make_deterministic_provider(1), b = make_deterministic_provider(1), c = make_deterministic_provider(2);
  const Bytes first = drawn(*a);
  EXPECT_EQ(first, drawn(*b));
  EXPECT_NE(first, drawn(*c));
  EXPECT_NE(first, drawn(*a));
  a->reseed(1);
  EXPECT_EQ(first, drawn(*a));
}

TEST(DeterministicProvider, hash_and_hmac_have_the_real_sizes) {
  const auto provider = make_deterministic_provider(1);
  for (const HashAlgorithm algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384}) {
    EXPECT_EQ((*(*provider->hash(algorithm))->current()).size(), hash_bytes(algorithm));
    EXPECT_EQ((*provider->hmac(algorithm, {}, {}, {}, {})).size(), hash_bytes(algorithm));
  }
}

TEST(DeterministicProvider, hmac_depends_on_the_key_and_not_on_the_cut) {
  const auto provider = make_deterministic_provider(1);
  const auto mac = [&](const char* key, const char* first, const char* second, const char* third) {
    return test::to_hex(
        *provider->hmac(HashAlgorithm::sha256, bytes_of(key), bytes_of(first), bytes_of(second), bytes_of(third)));
  };
  EXPECT_EQ(mac("key", "abc", "", ""), mac("key", "a", "b", "c"));
  EXPECT_NE(mac("key", "abc", "", ""), mac("kex", "abc", "", ""));
  EXPECT_NE(mac("key", "abc", "", ""), mac("keya", "bc", "", ""));
}

TEST(DeterministicAead, opens_what_it_sealed_and_nothing_that_was_changed) {
  const auto provider = make_deterministic_provider(1);
  const Aead::Nonce nonce{1};
  const Bytes aad{1, 2, 3, 4, 5};
  for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 40u}) {
    const auto aead = provider->aead(CipherSuite::aes_128_gcm_sha256, Bytes(16, 7));
    const Bytes plaintext = counting(size);
    Bytes sealed(size + Aead::tag_bytes), opened(size);
    ASSERT_TRUE((*aead)->seal(nonce, aad, plaintext, sealed));
    ASSERT_TRUE((*aead)->open(nonce, aad, sealed, opened));
    EXPECT_EQ(opened, plaintext);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit)
      EXPECT_EQ(refusal_of((*aead)->open(nonce, aad, flipped(sealed, bit), opened)), Reason::record_bad_mac);
    for (std::size_t bit = 0; bit < aad.size() * 8; ++bit)
      EXPECT_EQ(refusal_of((*aead)->open(nonce, flipped(aad, bit), sealed, opened)), Reason::record_bad_mac);
    EXPECT_EQ(refusal_of((*aead)->open(Aead::Nonce{2}, aad, sealed, opened)), Reason::record_bad_mac);
    const auto other = provider->aead(CipherSuite::aes_128_gcm_sha256, flipped(Bytes(16, 7), 127));
    EXPECT_EQ(refusal_of((*other)->open(nonce, aad, sealed, opened)), Reason::record_bad_mac);
    ASSERT_TRUE((*aead)->open(nonce, aad, sealed, MutableBytes(sealed).first(size)));
    EXPECT_EQ(Bytes(sealed.begin(), sealed.end() - Aead::tag_bytes), plaintext);
  }
}

struct GroupRow {
  NamedGroup group;
  std::size_t public_bytes, shared_bytes;
};
constexpr GroupRow groups[] = {{NamedGroup::x25519, 32, 32}, {NamedGroup::secp256r1, 65, 32}, {NamedGroup::secp384r1, 97, 48}};

TEST(DeterministicKeyPair, both_ends_derive_the_same_with_the_real_sizes) {
  const auto provider = make_deterministic_provider(1);
  for (const GroupRow& row : groups) {
    for (int i = 0; i < 100; ++i) {
      const auto a = provider->generate(row.group), b = provider->generate(row.group);
      ASSERT_EQ((*a)->public_key().size(), row.public_bytes);
      const auto at_a = (*a)->derive((*b)->public_key()), at_b = (*b)->derive((*a)->public_key());
      ASSERT_TRUE(at_a && at_b);
      EXPECT_EQ(at_a->size(), row.shared_bytes);
      EXPECT_EQ(test::to_hex(*at_a), test::to_hex(*at_b));
    }
  }
}

TEST(DeterministicKeyPair, a_changed_share_is_invalid_or_gives_another_secret) {
  const auto provider = make_deterministic_provider(1);
  for (const GroupRow& row : groups) {
    const auto a = provider->generate(row.group), b = provider->generate(row.group);
    const Bytes share = copy_of((*b)->public_key());
    const std::string shared = test::to_hex(*(*a)->derive(share));
    for (std::size_t bit = 0; bit < share.size() * 8; ++bit) {
      const auto changed = (*a)->derive(flipped(share, bit));
      if (row.group == NamedGroup::x25519) {
        ASSERT_TRUE(changed);
        EXPECT_NE(test::to_hex(*changed), shared) << bit;
      } else {
        EXPECT_EQ(refusal_of(changed), Reason::key_share_invalid) << bit;
      }
    }
  }
}

TEST(DeterministicKeyPair, zeros_and_other_lengths_are_invalid) {
  const auto provider = make_deterministic_provider(1);
  for (const GroupRow& row : groups) {
    const auto pair = provider->generate(row.group);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, row.public_bytes - 1, row.public_bytes, row.public_bytes + 1})
      EXPECT_EQ(refusal_of((*pair)->derive(Bytes(size))), Reason::key_share_invalid) << size;
  }
}

TEST(DeterministicCertifiedKey, signs_what_its_certificate_verifies) {
  const auto certified = deterministic_certified_key("example.test", SignatureScheme::ed25519);
  const ByteView chain[] = {certified->chain[0]};
  const auto key = deterministic_verifier()->verify(chain, "Example.Test", UnixSeconds{0});
  ASSERT_TRUE(key);
  EXPECT_TRUE((*key)->can_verify_with(SignatureScheme::ed25519, ProtocolVersion::tls13));
  EXPECT_FALSE((*key)->can_verify_with(SignatureScheme::ecdsa_secp256r1_sha256, ProtocolVersion::tls13));
  EXPECT_FALSE(certified->key->can_sign_with(SignatureScheme::ecdsa_secp256r1_sha256, ProtocolVersion::tls13));
  Bytes signature;
  ASSERT_TRUE(certified->key->sign(SignatureScheme::ed25519, bytes_of("message"), signature));
  EXPECT_TRUE((*key)->verify(SignatureScheme::ed25519, bytes_of("message"), signature));
  EXPECT_EQ(refusal_of((*key)->verify(SignatureScheme::ed25519, bytes_of("messagf"), signature)), Reason::signature_invalid);
  EXPECT_EQ(refusal_of((*key)->verify(SignatureScheme::ed25519, bytes_of("message"), {})), Reason::signature_invalid);
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit)
    EXPECT_FALSE((*key)->verify(SignatureScheme::ed25519, bytes_of("message"), flipped(signature, bit)));
}

TEST(DeterministicVerifier, tells_wrong_certificates_apart) {
  const auto certified = deterministic_certified_key("example.test");
  const auto verdict = [](const Bytes& certificate, std::string_view name) {
    const ByteView chain[] = {certificate};
    return refusal_of(deterministic_verifier()->verify(chain, name, UnixSeconds{0}));
  };
  const Bytes& certificate = certified->chain[0];
  EXPECT_EQ(verdict(certificate, "example.test"), std::nullopt);
  EXPECT_EQ(verdict(certificate, "other.test"), Reason::certificate_name_mismatch);
  EXPECT_EQ(verdict(certificate, ""), Reason::certificate_name_mismatch);
  for (std::size_t size = 0; size < certificate.size(); ++size) {
    const Bytes cut(certificate.begin(), certificate.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(verdict(cut, "example.test"), size < 22 ? Reason::certificate_malformed : Reason::certificate_issuer_unknown)
        << size;
  }
  for (std::size_t bit = 0; bit < certificate.size() * 8; ++bit)
    EXPECT_EQ(verdict(flipped(certificate, bit), "example.test"),
              bit < 32 ? Reason::certificate_malformed : Reason::certificate_issuer_unknown);
  EXPECT_EQ(refusal_of(deterministic_verifier()->verify({}, "example.test", UnixSeconds{0})), Reason::certificate_malformed);
}

}  // namespace
}  // namespace tocsin::harness
