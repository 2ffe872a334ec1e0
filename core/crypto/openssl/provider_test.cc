#include <openssl/err.h>

#include "core/crypto/testing.h"

namespace tocsin {
namespace {

using test::from_hex;
using test::openssl;
using test::to_hex;

TEST(OpensslHash, gives_the_digests_of_fips_180) {
  const auto sha256 = openssl()->hash(HashAlgorithm::sha256);
  ASSERT_TRUE((*sha256)->update(bytes_of("abc")));
  EXPECT_EQ(to_hex(*(*sha256)->current()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto sha384 = openssl()->hash(HashAlgorithm::sha384);
  ASSERT_TRUE((*sha384)->update(bytes_of("abc")));
  EXPECT_EQ(to_hex(*(*sha384)->current()),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
}

TEST(OpensslHash, goes_on_after_its_value_was_asked_for) {
  const auto hash = openssl()->hash(HashAlgorithm::sha256);
  EXPECT_EQ(to_hex(*(*hash)->current()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  ASSERT_TRUE((*hash)->update(bytes_of("ab")));
  ASSERT_TRUE((*hash)->current());
  ASSERT_TRUE((*hash)->update(bytes_of("c")));
  EXPECT_EQ(to_hex(*(*hash)->current()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(*(*hash)->current()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(OpensslHmac, rfc4231_test_case_2_in_any_cut) {
  const std::string expected256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const auto mac = [](HashAlgorithm hash, std::string_view first, std::string_view second, std::string_view third) {
    return to_hex(*openssl()->hmac(hash, bytes_of("Jefe"), bytes_of(first), bytes_of(second), bytes_of(third)));
  };
  EXPECT_EQ(mac(HashAlgorithm::sha256, "what do ya want for nothing?", "", ""), expected256);
  EXPECT_EQ(mac(HashAlgorithm::sha256, "what do ya ", "want for ", "nothing?"), expected256);
  EXPECT_EQ(mac(HashAlgorithm::sha256, "", "what do ya want for ", "nothing?"), expected256);
  EXPECT_EQ(mac(HashAlgorithm::sha384, "what do ya want", " for nothing?", ""),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
}

TEST(OpensslHmac, a_key_is_used_again_only_for_itself) {
  const auto provider = openssl();
  const auto mac = [&](std::string_view key) {
    return to_hex(*provider->hmac(HashAlgorithm::sha256, bytes_of(key), bytes_of("what do ya want for nothing?")));
  };
  const std::string of_jefe = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const std::string of_jeff = mac("Jeff");
  EXPECT_NE(of_jeff, of_jefe);
  const std::string_view long_key = "a key that is longer than the secrets are for which there is room, and so is not kept";
  const std::string of_long_key = mac(long_key);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(mac("Jefe"), of_jefe);
    EXPECT_EQ(mac("Jefe"), of_jefe);
    EXPECT_EQ(mac("Jeff"), of_jeff);
    EXPECT_EQ(mac(long_key), of_long_key);
    EXPECT_EQ(mac(long_key), of_long_key);
  }
}

TEST(OpensslHmac, an_empty_key_is_not_the_key_of_the_call_before) {
  const auto with_key = openssl()->hmac(HashAlgorithm::sha256, bytes_of("key"), bytes_of("x"));
  const auto without = openssl()->hmac(HashAlgorithm::sha256, {}, bytes_of("x"));
  const auto with_zeros = openssl()->hmac(HashAlgorithm::sha256, Bytes(32), bytes_of("x"));
  EXPECT_NE(to_hex(*with_key), to_hex(*without));
  EXPECT_EQ(to_hex(*with_zeros), to_hex(*without));  // RFC 2104 2: a short key is padded with zeros
}

TEST(OpensslRandom, fills_what_it_is_given) {
  Bytes a(64), b(64);
  ASSERT_TRUE(openssl()->random(a));
  ASSERT_TRUE(openssl()->random(b));
  EXPECT_NE(a, b);
  EXPECT_TRUE(openssl()->random({}));
}

struct AeadVector {
  CipherSuite suite;
  const char *key, *nonce, *aad, *plaintext, *sealed;
};

// The first two are cases 4 and 16 of the GCM specification, the third is RFC 8439 2.8.2.
const AeadVector aead_vectors[] = {
    {CipherSuite::aes_128_gcm_sha256, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {CipherSuite::aes_256_gcm_sha384, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
    {CipherSuite::chacha20_poly1305_sha256, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796"
     "f75"
     "206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67"
     "ecd"
     "3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"
     "1ae10b594f09e26a7e902ecbd0600691"}};

class OpensslAead : public testing::TestWithParam<AeadVector> {
 protected:
  std::unique_ptr<Aead> make() const { return std::move(*openssl()->aead(GetParam().suite, from_hex(GetParam().key))); }
  Aead::Nonce nonce() const {
    Aead::Nonce nonce{};
    const Bytes bytes = from_hex(GetParam().nonce);
    std::copy(bytes.begin(), bytes.end(), nonce.begin());
    return nonce;
  }
  const Bytes aad = from_hex(GetParam().aad), plaintext = from_hex(GetParam().plaintext), sealed = from_hex(GetParam().sealed);
};

TEST_P(OpensslAead, seals_as_published_in_place_too) {
  const auto aead = make();
  Bytes apart(sealed.size());
  ASSERT_TRUE(aead->seal(nonce(), aad, plaintext, apart));
  EXPECT_EQ(apart, sealed);
  Bytes in_place = plaintext;
  in_place.resize(sealed.size());
  ASSERT_TRUE(aead->seal(nonce(), aad, ByteView(in_place).first(plaintext.size()), in_place));
  EXPECT_EQ(in_place, sealed);
}

TEST_P(OpensslAead, opens_what_was_published_in_place_too) {
  const auto aead = make();
  Bytes apart(plaintext.size());
  ASSERT_TRUE(aead->open(nonce(), aad, sealed, apart));
  EXPECT_EQ(apart, plaintext);
  Bytes in_place = sealed;
  ASSERT_TRUE(aead->open(nonce(), aad, in_place, MutableBytes(in_place).first(plaintext.size())));
  in_place.resize(plaintext.size());
  EXPECT_EQ(in_place, plaintext);
}

TEST_P(OpensslAead, refuses_every_flipped_bit_and_opens_the_next_record) {
  const auto aead = make();
  Bytes out(plaintext.size());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1u << bit % 8);
    EXPECT_EQ(test::refusal_of(aead->open(nonce(), aad, changed, out)), Reason::record_bad_mac) << bit;
  }
  EXPECT_EQ(test::refusal_of(aead->open(nonce(), {}, sealed, out)), Reason::record_bad_mac);
  EXPECT_EQ(ERR_peek_error(), 0u);
  EXPECT_TRUE(aead->open(nonce(), aad, sealed, out));
}

TEST_P(OpensslAead, an_empty_plaintext_is_a_tag) {
  const auto aead = make();
  Bytes tag(Aead::tag_bytes);
  ASSERT_TRUE(aead->seal(nonce(), aad, {}, tag));
  EXPECT_TRUE(aead->open(nonce(), aad, tag, {}));
  tag[0] ^= 1;
  EXPECT_EQ(test::refusal_of(aead->open(nonce(), aad, tag, {})), Reason::record_bad_mac);
}

TEST_P(OpensslAead, sizes_that_do_not_fit_are_refused) {
  const auto aead = make();
  Bytes out(plaintext.size());
  EXPECT_EQ(test::refusal_of(aead->seal(nonce(), aad, plaintext, out)), Reason::crypto_failed);
  EXPECT_EQ(test::refusal_of(aead->open(nonce(), aad, Bytes(15), {})), Reason::crypto_failed);
  EXPECT_EQ(test::refusal_of(openssl()->aead(GetParam().suite, Bytes(17))), Reason::crypto_failed);
}

INSTANTIATE_TEST_SUITE_P(Suites, OpensslAead, testing::ValuesIn(aead_vectors),
                         [](const auto& of) { return std::string(name_of(of.param.suite)); });

}  // namespace
}  // namespace tocsin
