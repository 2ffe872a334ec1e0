#include "core/crypto/tls12/key_schedule.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "core/crypto/testing.h"

namespace tocsin::crypto::tls12 {
namespace {

using test::from_hex;
using test::openssl;
using test::to_hex;

constexpr HashAlgorithm sha256 = HashAlgorithm::sha256, sha384 = HashAlgorithm::sha384;

std::array<std::uint8_t, 32> random_of(std::uint8_t byte) {
  std::array<std::uint8_t, 32> random;
  random.fill(byte);
  return random;
}

/// libcrypto's own PRF.
Bytes tls1_prf(const char* digest, ByteView secret, ByteView label_and_seed, std::size_t size_bytes) {
  EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr);
  EVP_KDF_CTX* const context = EVP_KDF_CTX_new(kdf);
  const auto octets = [](const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(digest), 0),
                                   octets(OSSL_KDF_PARAM_SECRET, secret), octets(OSSL_KDF_PARAM_SEED, label_and_seed),
                                   OSSL_PARAM_construct_end()};
  Bytes out(size_bytes);
  EXPECT_EQ(EVP_KDF_derive(context, out.data(), out.size(), parameters), 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

// The test vectors that the IETF's TLS working group was sent for P_SHA256 and P_SHA384 (mail archive, "Test vectors for
// TLS 1.2 PRF").
TEST(Tls12KeySchedule, prf_gives_the_published_vectors) {
  Bytes out(100);
  ASSERT_TRUE(prf(*openssl(), sha256, from_hex("9bbe436ba940f017b17652849a71db35"), "test label",
                  from_hex("a0ba9f936cda311827a6f796ffd5198c"), out));
  EXPECT_EQ(to_hex(out),
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17ab"
            "fd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66");
}

TEST(Tls12KeySchedule, prf_is_libcryptos_for_every_length) {
  const Bytes secret(48, 0x33), seed(64, 0x44);
  Bytes label_and_seed;
  append(label_and_seed, bytes_of("key expansion"));
  append(label_and_seed, seed);
  for (const HashAlgorithm hash : {sha256, sha384}) {
    for (std::size_t size = 1; size < 3 * hash_bytes(hash); ++size) {
      Bytes out(size);
      ASSERT_TRUE(prf(*openssl(), hash, secret, "key expansion", seed, out));
      EXPECT_EQ(out, tls1_prf(hash == sha256 ? "SHA256" : "SHA384", secret, label_and_seed, size));
    }
  }
}

TEST(Tls12KeySchedule, the_key_block_is_cut_as_rfc_5246_6_3_says) {
  const Bytes master(48, 0x55);
  for (const CipherSuite suite : {CipherSuite::ecdhe_rsa_aes_128_gcm_sha256, CipherSuite::ecdhe_rsa_aes_256_gcm_sha384,
                                  CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256}) {
    const std::size_t iv_bytes = aead_of(suite) == AeadAlgorithm::chacha20_poly1305 ? 12 : 4;
    Bytes seed(32, 2);  // server_random first
    seed.resize(64, 1);
    Bytes whole(2 * (key_bytes(suite) + iv_bytes));
    ASSERT_TRUE(prf(*openssl(), hash_of(suite), master, "key expansion", seed, whole));
    const auto block = key_block(*openssl(), suite, iv_bytes, master, random_of(1), random_of(2));
    ASSERT_TRUE(block);
    EXPECT_EQ(to_hex(block->client_write_key) + to_hex(block->server_write_key) + to_hex(block->client_write_iv) +
                  to_hex(block->server_write_iv),
              to_hex(whole));
    EXPECT_EQ(block->client_write_key.size(), key_bytes(suite));
    EXPECT_EQ(block->server_write_iv.size(), iv_bytes);
  }
}

TEST(Tls12KeySchedule, secrets_and_proofs_have_the_labels_of_their_rfcs) {
  const Bytes premaster(32, 0x66), hash(32, 0x77), master(48, 0x55);
  const auto expected = [&](ByteView secret, std::string_view label, ByteView seed, std::size_t size) {
    Bytes out(size);
    EXPECT_TRUE(prf(*openssl(), sha256, secret, label, seed, out));
    return to_hex(out);
  };
  Bytes randoms(32, 1);
  randoms.resize(64, 2);
  EXPECT_EQ(to_hex(*extended_master_secret(*openssl(), sha256, premaster, hash)),
            expected(premaster, "extended master secret", hash, 48));
  EXPECT_EQ(to_hex(*master_secret(*openssl(), sha256, premaster, random_of(1), random_of(2))),
            expected(premaster, "master secret", randoms, 48));
  EXPECT_EQ(to_hex(*client_verify_data(*openssl(), sha256, master, hash)), expected(master, "client finished", hash, 12));
  EXPECT_EQ(to_hex(*server_verify_data(*openssl(), sha256, master, hash)), expected(master, "server finished", hash, 12));
}

TEST(Tls12KeySchedule, an_exporter_seed_is_randoms_then_the_context_with_its_length_if_there_is_one_even_an_empty_one) {
  const Bytes master(48, 0x55), context = from_hex("aabbcc");
  Bytes seed(32, 1), key(40), wanted(40);
  seed.resize(64, 2);
  ASSERT_TRUE(export_keying_material(*openssl(), sha256, master, random_of(1), random_of(2), "EXPORTER x", {}, key));
  ASSERT_TRUE(prf(*openssl(), sha256, master, "EXPORTER x", seed, wanted));
  EXPECT_EQ(key, wanted);
  append(seed, from_hex("0003aabbcc"));
  ASSERT_TRUE(export_keying_material(*openssl(), sha256, master, random_of(1), random_of(2), "EXPORTER x", context, key));
  ASSERT_TRUE(prf(*openssl(), sha256, master, "EXPORTER x", seed, wanted));
  EXPECT_EQ(key, wanted);
  seed.resize(64);
  append(seed, from_hex("0000"));
  ASSERT_TRUE(export_keying_material(*openssl(), sha256, master, random_of(1), random_of(2), "EXPORTER x", ByteView{}, key));
  ASSERT_TRUE(prf(*openssl(), sha256, master, "EXPORTER x", seed, wanted));
  EXPECT_EQ(key, wanted);
}

}  // namespace
}  // namespace tocsin::crypto::tls12
