#include "core/wire/tls12/key_exchange.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire::tls12 {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;
using test::refusal_of;

TEST(ServerKeyExchange, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes body = from_hex("03 001d 02 aabb 0403 0003 010203");
  const auto decoded = decode_server_key_exchange(body);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->params.group, NamedGroup::x25519);
  EXPECT_EQ(copy_of(decoded->params.public_key), from_hex("aabb"));
  EXPECT_EQ(decoded->algorithm, SignatureScheme::ecdsa_secp256r1_sha256);
  EXPECT_EQ(copy_of(decoded->signature), from_hex("010203"));
  EXPECT_EQ(copy_of(body_of(encoded(*decoded))), body);
}

TEST(ServerKeyExchange, explicit_curves_are_refused_whatever_follows) {
  for (const std::string_view body : {"01", "02 001d 02 aabb 0403 0003 010203", "ff"})
    EXPECT_EQ(refusal_of(decode_server_key_exchange(from_hex(body))), Reason::curve_type_unsupported) << body;
}

TEST(ServerKeyExchange, what_is_cut_short_empty_or_too_long_is_malformed) {
  for (const std::string_view body :
       {"", "03", "03 001d 00 0403 0000", "03 001d 01 aa 0403 0001", "03 001d 01 aa 0403 0000 00"})
    EXPECT_EQ(refusal_of(decode_server_key_exchange(from_hex(body))), Reason::message_malformed) << body;
}

TEST(ClientKeyExchange, the_encoded_point_is_decoded_again) {
  const Bytes body = from_hex("02 aabb");
  const auto decoded = decode_client_key_exchange(body);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->public_key), from_hex("aabb"));
  EXPECT_EQ(copy_of(body_of(encoded(*decoded))), body);
}

TEST(ClientKeyExchange, what_is_cut_short_empty_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "00", "02 aa", "01 aa 00"})
    EXPECT_EQ(refusal_of(decode_client_key_exchange(from_hex(body))), Reason::message_malformed) << body;
}

TEST(ServerHelloDone, is_empty) {
  EXPECT_EQ(encoded(ServerHelloDone{}), from_hex("0e 000000"));
  EXPECT_TRUE(decode_server_hello_done({}));
  EXPECT_EQ(refusal_of(decode_server_hello_done(from_hex("00"))), Reason::message_malformed);
}

TEST(HelloRequest, is_empty) {
  EXPECT_EQ(encoded(HelloRequest{}), from_hex("00 000000"));
  EXPECT_TRUE(decode_hello_request({}));
  EXPECT_EQ(refusal_of(decode_hello_request(from_hex("00"))), Reason::message_malformed);
}

}  // namespace
}  // namespace tocsin::wire::tls12
