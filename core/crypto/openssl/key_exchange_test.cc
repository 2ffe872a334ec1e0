#include "core/crypto/openssl/key_exchange.h"

#include <openssl/param_build.h>

#include "core/crypto/testing.h"

namespace tocsin::crypto {
namespace {

using test::from_hex;
using test::openssl;
using test::to_hex;

struct ExchangeVector {
  NamedGroup group;
  const char *own_private, *own_public, *peer_public, *shared;
};

// RFC 7748 6.1 (both ends), RFC 5903 8.1 and 8.2.
const ExchangeVector vectors[] = {
    {NamedGroup::x25519, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    {NamedGroup::x25519, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    {NamedGroup::secp256r1, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e057"
     "7b899"
     "0bb3",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f3"
     "30398"
     "72ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    {NamedGroup::secp384r1, "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194",
     nullptr,
     "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571dcfbec7aacf3196472169e8"
     "38430"
     "367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c",
     "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"}};

/// A private key that libcrypto did not draw itself.
KeyPtr private_key(const ExchangeVector& vector) {
  const Bytes secret = from_hex(vector.own_private);
  if (vector.group == NamedGroup::x25519) {
    return KeyPtr(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), secret.size()));
  }
  OSSL_PARAM_BLD* const builder = OSSL_PARAM_BLD_new();
  BIGNUM* const number = BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr);
  const char* const group = vector.group == NamedGroup::secp256r1 ? "P-256" : "P-384";
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
  OSSL_PARAM* const parameters = OSSL_PARAM_BLD_to_param(builder);
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_free(number);
  return KeyPtr(key);
}

//= RFC 9846 7.4.2 //# leading zeros found in this octet string MUST NOT be truncated.
TEST(OpensslKeyExchange, derives_the_published_secrets) {
  for (const ExchangeVector& vector : vectors) {
    const KeyPtr own = private_key(vector);
    ASSERT_TRUE(own);
    const auto exchange = KeyExchange::make(vector.group);
    const auto shared = exchange->derive(own.get(), from_hex(vector.peer_public));
    ASSERT_TRUE(shared);
    EXPECT_EQ(to_hex(*shared), vector.shared);
  }
}

constexpr NamedGroup groups[] = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
std::size_t public_key_bytes(NamedGroup group) {
  return group == NamedGroup::x25519 ? 32 : group == NamedGroup::secp256r1 ? 65 : 97;
}

TEST(OpensslKeyExchange, both_ends_derive_the_same) {
  for (const NamedGroup group : groups) {
    const auto a = openssl()->generate(group), b = openssl()->generate(group);
    EXPECT_EQ((*a)->group(), group);
    EXPECT_EQ((*a)->public_key().size(), public_key_bytes(group));
    const auto at_a = (*a)->derive((*b)->public_key()), at_b = (*b)->derive((*a)->public_key());
    ASSERT_TRUE(at_a && at_b);
    EXPECT_EQ(to_hex(*at_a), to_hex(*at_b));
    EXPECT_NE(to_hex((*a)->public_key()), to_hex((*b)->public_key()));
  }
}

TEST(OpensslKeyExchange, a_key_pair_outlives_its_provider) {
  auto provider = make_openssl_provider();
  const auto a = (*provider)->generate(NamedGroup::secp256r1), b = (*provider)->generate(NamedGroup::secp256r1);
  provider->reset();
  EXPECT_EQ(to_hex(*(*a)->derive((*b)->public_key())), to_hex(*(*b)->derive((*a)->public_key())));
}

TEST(OpensslKeyExchange, refuses_keys_of_another_length_and_works_on) {
  for (const NamedGroup group : groups) {
    const auto own = openssl()->generate(group);
    const Bytes valid = test::copy_of((*own)->public_key());
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, valid.size() - 1}) {
      EXPECT_EQ(test::refusal_of((*own)->derive(ByteView(valid).first(size))), Reason::key_share_invalid) << size;
    }
    Bytes longer = valid;
    longer.push_back(0);
    EXPECT_EQ(test::refusal_of((*own)->derive(longer)), Reason::key_share_invalid);
    EXPECT_TRUE((*own)->derive(valid));
  }
}

//= RFC 9846 4.3.8.2 //# For the curves secp256r1, secp384r1, and secp521r1, peers MUST validate each other's
TEST(OpensslKeyExchange, refuses_points_off_the_curve_and_other_point_forms) {
  for (const NamedGroup group : {NamedGroup::secp256r1, NamedGroup::secp384r1}) {
    const auto own = openssl()->generate(group);
    const Bytes valid = test::copy_of((*own)->public_key());
    Bytes off_curve = valid;
    off_curve.back() ^= 1;
    EXPECT_EQ(test::refusal_of((*own)->derive(off_curve)), Reason::key_share_invalid);
    for (const int form : {0, 2, 3, 5, 6, 7}) {
      Bytes other = valid;
      other[0] = static_cast<std::uint8_t>(form);
      EXPECT_EQ(test::refusal_of((*own)->derive(other)), Reason::key_share_invalid) << form;
    }
    const Bytes compressed(valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(valid.size() / 2 + 1));
    EXPECT_EQ(test::refusal_of((*own)->derive(compressed)), Reason::key_share_invalid);
    Bytes infinity(valid.size());
    infinity[0] = 4;
    EXPECT_EQ(test::refusal_of((*own)->derive(infinity)), Reason::key_share_invalid);
    Bytes too_large(valid.size(), 0xff);
    too_large[0] = 4;
    EXPECT_EQ(test::refusal_of((*own)->derive(too_large)), Reason::key_share_invalid);
    EXPECT_EQ(ERR_peek_error(), 0u);
    EXPECT_TRUE((*own)->derive(valid));
  }
}

//= RFC 9846 7.4.2 //# Implementations MUST check whether the computed Diffie-Hellman shared secret is the
TEST(OpensslKeyExchange, refuses_x25519_points_of_small_order) {
  // Orders 1, 2 and 8 on curve and twist (RFC 7748 6.1): the result would be zeros.
  const char* const points[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                "0100000000000000000000000000000000000000000000000000000000000000",
                                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  const auto own = openssl()->generate(NamedGroup::x25519);
  for (const char* point : points) {
    EXPECT_EQ(test::refusal_of((*own)->derive(from_hex(point))), Reason::key_share_invalid) << point;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace tocsin::crypto
