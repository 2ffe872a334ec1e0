#include "core/record/tls12/protection.h"

#include <gtest/gtest.h>

#include "tocsin/openssl_provider.h"

namespace tocsin::record::tls12 {
namespace {

constexpr CipherSuite gcm = CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256;
constexpr CipherSuite chacha = CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256;
constexpr RecordId id{7, ContentType::application_data, 0x0303};

Protection protection(CipherSuite suite) {
  static const auto provider = make_openssl_provider();
  auto aead = (*provider)->aead(suite, Bytes(key_bytes(suite), 0x11));
  return {std::move(*aead), Bytes(Protection::fixed_iv_bytes(suite), 0x22)};
}

Bytes sealed(CipherSuite suite, const RecordId& with, ByteView content) {
  Bytes out;
  EXPECT_TRUE(protection(suite).seal(with, content, out));
  return out;
}

Result<Bytes> opened(CipherSuite suite, const RecordId& with, ByteView fragment) {
  Protection reader = protection(suite);
  Bytes content(fragment.size() - std::min(fragment.size(), reader.overhead_bytes()));
  TOCSIN_TRY(reader.open(with, fragment, content));
  return content;
}

TEST(Protection, what_is_sealed_opens_with_every_kind_of_nonce) {
  for (const CipherSuite suite : {gcm, chacha, CipherSuite::ecdhe_rsa_aes_256_gcm_sha384}) {
    for (const std::size_t size : {0u, 1u, 16384u}) {
      const Bytes content(size, 0x5a);
      const Bytes fragment = sealed(suite, id, content);
      EXPECT_EQ(fragment.size(), size + Protection::overhead_bytes(suite));
      const auto again = opened(suite, id, fragment);
      ASSERT_TRUE(again);
      EXPECT_EQ(*again, content);
    }
  }
}

// The AEAD itself, over the nonce and the additional data that the RFCs write out.
TEST(Protection, gcm_fragments_are_built_as_rfc_5288_and_rfc_5246_say) {
  const Bytes content{'a', 'b', 'c'};
  static const auto provider = make_openssl_provider();
  auto aead = std::move(*(*provider)->aead(gcm, Bytes(16, 0x11)));
  Bytes expected{0, 0, 0, 0, 0, 0, 0, 7};  // nonce_explicit
  Bytes body(content.size() + Aead::tag_bytes);
  ASSERT_TRUE(aead->seal({0x22, 0x22, 0x22, 0x22, 0, 0, 0, 0, 0, 0, 0, 7}, Bytes{0, 0, 0, 0, 0, 0, 0, 7, 23, 3, 3, 0, 3},
                         content, body));
  append(expected, body);
  EXPECT_EQ(sealed(gcm, id, content), expected);
}

TEST(Protection, chacha20_fragments_have_no_explicit_nonce_as_rfc_7905_says) {
  const Bytes content{'a', 'b', 'c'};
  static const auto provider = make_openssl_provider();
  auto aead = std::move(*(*provider)->aead(chacha, Bytes(32, 0x11)));
  Aead::Nonce nonce;
  nonce.fill(0x22);
  nonce[4] ^= 0x00;
  nonce[5] ^= 0x01;  // the epoch of DTLS
  nonce[11] ^= 0x09;
  Bytes expected(content.size() + Aead::tag_bytes);
  ASSERT_TRUE(aead->seal(nonce, Bytes{0, 1, 0, 0, 0, 0, 0, 9, 22, 0xfe, 0xfd, 0, 3}, content, expected));
  EXPECT_EQ(sealed(chacha, {(1ull << 48) + 9, ContentType::handshake, 0xfefd}, content), expected);
}

TEST(Protection, a_foreign_explicit_nonce_opens) {
  static const auto provider = make_openssl_provider();
  auto aead = std::move(*(*provider)->aead(gcm, Bytes(16, 0x11)));
  Bytes fragment{9, 8, 7, 6, 5, 4, 3, 2}, body(2 + Aead::tag_bytes);
  ASSERT_TRUE(aead->seal({0x22, 0x22, 0x22, 0x22, 9, 8, 7, 6, 5, 4, 3, 2}, Bytes{0, 0, 0, 0, 0, 0, 0, 7, 23, 3, 3, 0, 2},
                         Bytes{1, 2}, body));
  append(fragment, body);
  const auto content = opened(gcm, id, fragment);
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, (Bytes{1, 2}));
}

TEST(Protection, every_flipped_bit_and_every_other_id_is_refused) {
  for (const CipherSuite suite : {gcm, chacha}) {
    const Bytes fragment = sealed(suite, id, Bytes{1, 2, 3});
    for (std::size_t bit = 0; bit < fragment.size() * 8; ++bit) {
      Bytes flipped = fragment;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1 << bit % 8));
      const auto content = opened(suite, id, flipped);
      ASSERT_FALSE(content);
      EXPECT_EQ(content.error().why, Reason::record_bad_mac);
    }
    EXPECT_FALSE(opened(suite, {8, id.type, id.version}, fragment));
    EXPECT_FALSE(opened(suite, {id.sequence, ContentType::handshake, id.version}, fragment));
    EXPECT_FALSE(opened(suite, {id.sequence, id.type, 0x0302}, fragment));
  }
}

//= RFC 5246 7.2.2 //# This alert also MUST be returned if an alert is sent because a TLSCiphertext decrypted
TEST(Protection, a_fragment_too_short_for_nonce_and_tag_is_a_bad_mac) {
  for (const CipherSuite suite : {gcm, chacha}) {
    for (std::size_t size = 0; size < Protection::overhead_bytes(suite); ++size) {
      const auto content = opened(suite, id, Bytes(size, 0));
      ASSERT_FALSE(content);
      EXPECT_EQ(content.error().why, Reason::record_bad_mac);
    }
  }
}

TEST(Protection, sequence_numbers_give_different_nonces) {
  EXPECT_NE(sealed(gcm, id, Bytes{1}), sealed(gcm, {8, id.type, id.version}, Bytes{1}));
  EXPECT_NE(sealed(chacha, id, Bytes{1}), sealed(chacha, {8, id.type, id.version}, Bytes{1}));
}

}  // namespace
}  // namespace tocsin::record::tls12
