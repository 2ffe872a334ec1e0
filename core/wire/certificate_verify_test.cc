#include "core/wire/certificate_verify.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;

TEST(CertificateVerify, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes signature = from_hex("aabbcc");
  const Bytes message = encoded(CertificateVerify{SignatureScheme::ed25519, signature});
  EXPECT_EQ(message, from_hex("0f 000007 0807 0003 aabbcc"));
  const auto decoded = decode_certificate_verify(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->algorithm, SignatureScheme::ed25519);
  EXPECT_EQ(copy_of(decoded->signature), signature);
}

TEST(CertificateVerify, what_is_cut_short_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "08", "0807", "0807 00", "0807 0001", "0807 0001 aabb"})
    EXPECT_EQ(test::refusal_of(decode_certificate_verify(from_hex(body))), Reason::message_malformed) << body;
}

TEST(CertificateVerify, an_empty_signature_decodes) { EXPECT_TRUE(decode_certificate_verify(from_hex("0807 0000"))); }

}  // namespace
}  // namespace tocsin::wire
