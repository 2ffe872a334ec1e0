#include "core/dtls/cookie.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/base/testing.h"
#include "core/crypto/testing.h"

namespace tocsin {
namespace {

using test::from_hex;
using test::join;
using test::openssl;

constexpr Milliseconds period{60000};
constexpr Instant noon{43200000};
const Bytes address = from_hex("7f000001 1151");

Bytes hello_with(ByteView cookie) {
  const Bytes length{static_cast<std::uint8_t>(cookie.size())};
  return join({from_hex("fefd"), Bytes(32, 0x11), from_hex("02 a1a2"), length, test::copy_of(cookie),
               from_hex("0004 c02b c02f 01 00 0004 ff01 0000")});
}

Cookies drawn() {
  auto cookies = Cookies::draw(*openssl(), period);
  EXPECT_TRUE(cookies);
  return std::move(*cookies);
}

Bytes make(const Cookies& cookies, Instant now = noon) {
  const Bytes hello = hello_with({});
  const auto cookie = cookies.make(*openssl(), address, *wire::split_dtls_client_hello(hello), now);
  EXPECT_TRUE(cookie);
  return Bytes(cookie->begin(), cookie->end());
}

CookieVerdict judge(const Cookies& cookies, const Bytes& hello, const Bytes& from = address, Instant now = noon) {
  const auto verdict = cookies.judge(*openssl(), from, *wire::split_dtls_client_hello(hello), now);
  EXPECT_TRUE(verdict);
  return *verdict;
}

TEST(Cookie, is_known_again_when_the_client_hello_brings_it) {
  const Cookies cookies = drawn();
  EXPECT_EQ(judge(cookies, hello_with({})), CookieVerdict::absent);
  EXPECT_EQ(judge(cookies, hello_with(make(cookies))), CookieVerdict::valid);
}

TEST(Cookie, of_one_address_is_worth_nothing_at_another) {
  const Cookies cookies = drawn();
  const Bytes hello = hello_with(make(cookies));
  for (const std::string_view other : {"7f000001 1152", "7f000002 1151", "7f000001 115100", "7f000001 11", ""})
    EXPECT_EQ(judge(cookies, hello, from_hex(other)), CookieVerdict::invalid) << other;
}

TEST(Cookie, tells_where_the_address_ends_and_the_parameters_begin) {
  const Cookies cookies = drawn();
  const Bytes two{1, 2}, three{1, 2, 3}, before{4, 5}, before_with_three{3, 4, 5}, behind{6};
  const auto cookie = cookies.make(*openssl(), three, {.before_cookie = before, .cookie = {}, .behind_cookie = behind}, noon);
  const auto other =
      cookies.make(*openssl(), two, {.before_cookie = before_with_three, .cookie = {}, .behind_cookie = behind}, noon);
  ASSERT_TRUE(cookie && other);
  EXPECT_NE(*cookie, *other);
}

TEST(Cookie, is_bound_to_every_byte_of_the_parameters_and_to_no_extension) {
  const Cookies cookies = drawn();
  const Bytes hello = hello_with(make(cookies));
  const std::size_t extensions_at = hello.size() - 6;
  for (std::size_t at = 0; at < hello.size(); ++at) {
    Bytes changed = hello;
    changed[at] ^= 1;
    const auto parts = wire::split_dtls_client_hello(changed);
    if (!parts) continue;  // a length
    const auto verdict = cookies.judge(*openssl(), address, *parts, noon);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(*verdict, at < extensions_at ? CookieVerdict::invalid : CookieVerdict::valid) << at;
  }
}

TEST(Cookie, of_another_server_or_length_is_invalid) {
  const Cookies cookies = drawn();
  EXPECT_EQ(judge(cookies, hello_with(make(drawn()))), CookieVerdict::invalid);
  const Bytes cookie = make(cookies);
  EXPECT_EQ(judge(cookies, hello_with(ByteView(cookie).first(cookie_bytes - 1))), CookieVerdict::invalid);
  EXPECT_EQ(judge(cookies, hello_with(join({cookie, Bytes(1)}))), CookieVerdict::invalid);
  EXPECT_EQ(judge(cookies, hello_with(Bytes(cookie_bytes))), CookieVerdict::invalid);
}

TEST(Cookie, holds_for_its_period_and_the_next) {
  const Cookies cookies = drawn();
  for (const std::int64_t begin : {std::int64_t{0}, std::int64_t{43200000}, std::int64_t{-60000}, std::int64_t{-600000}}) {
    for (const std::int64_t made : {begin, begin + 59999}) {
      const Bytes hello = hello_with(make(cookies, Instant{made}));
      EXPECT_EQ(judge(cookies, hello, address, Instant{begin - 1}), CookieVerdict::invalid) << begin;
      EXPECT_EQ(judge(cookies, hello, address, Instant{begin}), CookieVerdict::valid) << begin;
      EXPECT_EQ(judge(cookies, hello, address, Instant{begin + 119999}), CookieVerdict::valid) << begin;
      EXPECT_EQ(judge(cookies, hello, address, Instant{begin + 120000}), CookieVerdict::invalid) << begin;
      EXPECT_EQ(judge(cookies, hello, address, Instant{begin + 256 * 60000}), CookieVerdict::invalid) << begin;
    }
  }
}

TEST(Cookie, any_time_and_any_period_will_do) {
  for (const std::int64_t length : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, std::int64_t{1}}) {
    const auto cookies = Cookies::draw(*openssl(), Milliseconds{length});
    ASSERT_TRUE(cookies);
    for (const std::int64_t at : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
      EXPECT_EQ(judge(*cookies, hello_with(make(*cookies, Instant{at})), address, Instant{at}), CookieVerdict::valid);
  }
}

}  // namespace
}  // namespace tocsin
