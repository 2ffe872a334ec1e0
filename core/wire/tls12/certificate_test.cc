#include "core/wire/tls12/certificate.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire::tls12 {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;
using test::refusal_of;

TEST(Certificate, an_encoded_chain_is_decoded_again) {
  const std::vector<Bytes> chain = {from_hex("aabb"), from_hex("cc")};
  Bytes message;
  Writer writer(message);
  encode_certificate(chain, writer);
  EXPECT_EQ(message, from_hex("0b 00000c 000009 000002 aabb 000001 cc"));

  const auto decoded = decode_certificate(body_of(message));
  ASSERT_TRUE(decoded);
  std::vector<Bytes> again;
  for (const ByteView certificate : decoded->certificate_list) again.push_back(copy_of(certificate));
  EXPECT_EQ(again, chain);
  EXPECT_EQ(encoded(*decoded), message);
}

TEST(Certificate, an_empty_list_decodes) {
  const Bytes body = from_hex("000000");
  const auto decoded = decode_certificate(body);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->certificate_list.empty());
}

TEST(Certificate, what_is_cut_short_empty_or_too_long_is_malformed) {
  for (const std::string_view body :
       {"", "0000", "000001", "000003 000000", "000004 000002 aa", "000000 00", "000004 000001 aa 00"})
    EXPECT_EQ(refusal_of(decode_certificate(from_hex(body))), Reason::message_malformed) << body;
}

TEST(CertificateRequest, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes body = from_hex("02 0140 0004 0403 0804 0007 0002 aabb 0001 cc");
  const auto decoded = decode_certificate_request(body);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->certificate_types), from_hex("0140"));
  EXPECT_TRUE(decoded->supported_signature_algorithms.contains(SignatureScheme::rsa_pss_rsae_sha256));
  EXPECT_EQ(copy_of(*decoded->certificate_authorities.begin()), from_hex("aabb"));
  EXPECT_EQ(copy_of(body_of(encoded(*decoded))), body);
}

TEST(CertificateRequest, what_is_cut_short_empty_odd_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "00 0002 0403 0000", "01 40 0000 0000", "01 40 0003 040308 0000", "01 40 0002 0403",
                                      "01 40 0002 0403 0002 0000", "01 40 0002 0403 0000 00"})
    EXPECT_EQ(refusal_of(decode_certificate_request(from_hex(body))), Reason::message_malformed) << body;
}

}  // namespace
}  // namespace tocsin::wire::tls12
