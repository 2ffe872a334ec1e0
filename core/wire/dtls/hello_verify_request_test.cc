#include "core/wire/dtls/hello_verify_request.h"

#include <gtest/gtest.h>

#include "core/wire/client_hello.h"
#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;
using test::join;
using test::refusal_of;

const Bytes before_cookie = join({from_hex("fefd"), Bytes(32, 0x11), from_hex("02 a1a2")});
const Bytes behind_cookie = from_hex("0004 c02b 00ff 01 00");
const Bytes hello_body = join({before_cookie, from_hex("03 c1c2c3"), behind_cookie, from_hex("0004 ff01 0000")});

TEST(HelloVerifyRequest, is_what_rfc_6347_lays_out) {
  const Bytes cookie = from_hex("aabbcc");
  EXPECT_EQ(encoded(HelloVerifyRequest{0xfeff, cookie}), from_hex("03 000006 feff 03 aabbcc"));
  const Bytes body = from_hex("fefd 02 aabb");
  const auto decoded = decode_hello_verify_request(body);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->server_version, 0xfefd);
  EXPECT_EQ(copy_of(decoded->cookie), from_hex("aabb"));
}

TEST(HelloVerifyRequest, every_other_length_is_malformed) {
  const Bytes whole = from_hex("fefd 02 aabb");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refusal_of(decode_hello_verify_request(ByteView(whole).first(size))), Reason::message_malformed) << size;
  EXPECT_EQ(refusal_of(decode_hello_verify_request(from_hex("fefd 02 aabb 00"))), Reason::message_malformed);
  EXPECT_TRUE(decode_hello_verify_request(from_hex("fefd 00")));
}

TEST(DtlsClientHello, has_a_cookie_between_session_id_and_cipher_suites) {
  const Bytes body = join({before_cookie, from_hex("03 c1c2c3"), behind_cookie, from_hex("0000")});
  const auto hello = decode_dtls_client_hello(body);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->legacy_version, 0xfefd);
  EXPECT_EQ(copy_of(hello->dtls_cookie.value()), from_hex("c1c2c3"));
  EXPECT_EQ(copy_of(hello->cipher_suites.wire()), from_hex("c02b 00ff"));
  EXPECT_EQ(copy_of(body_of(encoded(*hello))), body);
}

TEST(DtlsClientHello, an_empty_cookie_is_there_and_that_of_tls_has_none) {
  const Bytes dtls = join({before_cookie, from_hex("00"), behind_cookie}), tls = join({before_cookie, behind_cookie});
  const auto with = decode_dtls_client_hello(dtls), without = decode_client_hello(tls);
  ASSERT_TRUE(with && without);
  EXPECT_TRUE(with->dtls_cookie && with->dtls_cookie->empty());
  EXPECT_FALSE(without->dtls_cookie);
  EXPECT_EQ(refusal_of(decode_client_hello(hello_body)), Reason::message_malformed);
}

TEST(DtlsClientHello, is_cut_around_its_cookie_and_before_its_extensions) {
  const auto parts = split_dtls_client_hello(hello_body);
  ASSERT_TRUE(parts);
  EXPECT_EQ(copy_of(parts->before_cookie), before_cookie);
  EXPECT_EQ(copy_of(parts->cookie), from_hex("c1c2c3"));
  EXPECT_EQ(copy_of(parts->behind_cookie), behind_cookie);
}

TEST(DtlsClientHello, is_cut_only_if_its_parameters_are_all_there) {
  const std::size_t parameters_bytes = before_cookie.size() + 4 + behind_cookie.size();
  for (std::size_t size = 0; size <= hello_body.size(); ++size)
    EXPECT_EQ(refusal_of(split_dtls_client_hello(ByteView(hello_body).first(size))),
              size < parameters_bytes ? std::optional(Reason::message_malformed) : std::nullopt)
        << size;
}

}  // namespace
}  // namespace tocsin::wire
