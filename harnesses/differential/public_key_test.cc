#include "harnesses/differential/public_key.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "core/base/testing.h"
#include "harnesses/stacks/openssl/context.h"

namespace tocsin::differential {
namespace {

using test::from_hex;

// What libcrypto makes of a key share.
bool libcrypto_derives_from(ByteView key) {
  using stacks::OpenSslPtr;
  const std::uint8_t any_private_key[32] = {8};
  const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> ours(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, any_private_key, sizeof any_private_key));
  const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> theirs(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, key.data(), key.size()));
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> derivation(EVP_PKEY_CTX_new(ours.get(), nullptr));
  std::uint8_t secret[32];
  std::size_t secret_bytes = sizeof secret;
  return EVP_PKEY_derive_init(derivation.get()) == 1 && EVP_PKEY_derive_set_peer(derivation.get(), theirs.get()) == 1 &&
         EVP_PKEY_derive(derivation.get(), secret, &secret_bytes) == 1;
}

TEST(public_key, x25519_is_unusable_where_libcrypto_comes_to_a_secret_of_zeros) {
  std::size_t unusable = 0;
  const auto compare = [&](const Bytes& key) {
    EXPECT_EQ(is_public_key(NamedGroup::x25519, key), libcrypto_derives_from(key)) << test::to_hex(key);
    unusable += is_public_key(NamedGroup::x25519, key) ? 0 : 1;
  };
  // 0 to 31, those around the prime, and the two of order 8, with the bits of the last byte that do not and do count.
  std::vector<Bytes> keys{from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
                          from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")};
  for (std::uint8_t lowest = 0; lowest < 32; ++lowest) {
    keys.emplace_back(32).front() = lowest;
    keys.emplace_back(32, 0xff).front() = static_cast<std::uint8_t>(0xff - lowest);
    keys.back().back() = 0x7f;
  }
  for (Bytes key : keys) {
    compare(key);
    for (const std::uint8_t bit : {std::uint8_t{0x80}, std::uint8_t{0x40}, std::uint8_t{1}}) {
      key.back() ^= bit;
      compare(key);
      key.back() ^= bit;
    }
  }
  EXPECT_EQ(unusable, 14u);  // seven, each with and without the highest bit
  EXPECT_FALSE(is_public_key(NamedGroup::x25519, Bytes(31, 7)));
}

}  // namespace
}  // namespace tocsin::differential
