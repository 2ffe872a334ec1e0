#include "core/wire/server_hello.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

using test::behind_length16;
using test::body_of;
using test::copy_of;
using test::encoded;
using test::extension;
using test::from_hex;
using test::join;
using test::refusal_of;

const Bytes random_bytes(32, 0x11), retry_random(hello_retry_request_random.begin(), hello_retry_request_random.end());
const Bytes says_tls_1_3 = extension(ExtensionType::supported_versions, "0304");

Bytes fixed_part(const Bytes& random) { return join({from_hex("0303"), random, from_hex("00 1301 00")}); }

std::optional<Reason> refusal(const Bytes& random, std::initializer_list<Bytes> extensions) {
  return refusal_of(decode_server_hello(join({fixed_part(random), behind_length16(join(extensions))})));
}

TEST(ServerHello, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes session_id(32, 0x22), key = from_hex("aabbcc");
  ServerHello hello;
  hello.random.fill(0x44);
  hello.legacy_session_id_echo = session_id;
  hello.cipher_suite = CipherSuite::chacha20_poly1305_sha256;
  hello.supported_version = ProtocolVersion::tls13;
  hello.key_share = KeyShareEntry{NamedGroup::x25519, key};
  hello.pre_shared_key = 7;

  const Bytes message = encoded(hello);
  const auto decoded = decode_server_hello(body_of(message));
  ASSERT_TRUE(decoded);
  const auto* again = std::get_if<ServerHello>(&*decoded);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->legacy_version, 0x0303);
  EXPECT_EQ(again->random, hello.random);
  EXPECT_EQ(copy_of(again->legacy_session_id_echo), session_id);
  EXPECT_EQ(again->cipher_suite, CipherSuite::chacha20_poly1305_sha256);
  EXPECT_EQ(again->legacy_compression_method, 0);
  EXPECT_EQ(again->supported_version, ProtocolVersion::tls13);
  EXPECT_EQ(again->key_share.value().group, NamedGroup::x25519);
  EXPECT_EQ(copy_of(again->key_share.value().key_exchange), key);
  EXPECT_EQ(again->pre_shared_key, 7);
  EXPECT_EQ(encoded(*again), message);
}

TEST(ServerHello, its_legacy_version_is_what_it_says_in_either_form) {
  constexpr std::uint16_t versions[] = {0x0000, 0x0300, 0x0302, 0x0304, 0xffff};
  for (const std::uint16_t version : versions) {
    ServerHello hello;
    hello.legacy_version = version;
    const Bytes message = encoded(hello);
    EXPECT_EQ(std::get<ServerHello>(*decode_server_hello(body_of(message))).legacy_version, version);
    HelloRetryRequest retry;
    retry.legacy_version = version;
    const Bytes request = encoded(retry);
    EXPECT_EQ(std::get<HelloRetryRequest>(*decode_server_hello(body_of(request))).legacy_version, version);
  }
}

TEST(HelloRetryRequest, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes session_id(1, 0x22), cookie = from_hex("c0c1");
  HelloRetryRequest retry;
  retry.legacy_session_id_echo = session_id;
  retry.cipher_suite = CipherSuite::aes_256_gcm_sha384;
  retry.legacy_compression_method = 1;
  retry.supported_version = ProtocolVersion::tls13;
  retry.selected_group = NamedGroup::secp384r1;
  retry.cookie = cookie;

  const Bytes message = encoded(retry);
  const auto decoded = decode_server_hello(body_of(message));
  ASSERT_TRUE(decoded);
  const auto* again = std::get_if<HelloRetryRequest>(&*decoded);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(copy_of(again->legacy_session_id_echo), session_id);
  EXPECT_EQ(again->cipher_suite, CipherSuite::aes_256_gcm_sha384);
  EXPECT_EQ(again->legacy_compression_method, 1);
  EXPECT_EQ(again->supported_version, ProtocolVersion::tls13);
  EXPECT_EQ(again->selected_group, NamedGroup::secp384r1);
  EXPECT_EQ(copy_of(again->cookie.value()), cookie);
  EXPECT_EQ(encoded(*again), message);
}

//= RFC 9846 4.2.3 //# implementations MUST first examine the Random value and, if it matches this value,
TEST(ServerHello, the_random_alone_tells_it_from_a_hello_retry_request) {
  Random almost = hello_retry_request_random;
  almost.back() ^= 1;
  const auto is_retry = [](const Bytes& random) {
    const Bytes body = join({fixed_part(random), behind_length16(says_tls_1_3)});
    const auto decoded = decode_server_hello(body);
    return decoded && std::holds_alternative<HelloRetryRequest>(*decoded);
  };
  EXPECT_TRUE(is_retry(retry_random));
  EXPECT_FALSE(is_retry(Bytes(almost.begin(), almost.end())));
}

TEST(ServerHello, without_supported_versions_only_the_framing_of_its_extensions_is_checked) {
  const Bytes renegotiation_info = extension(0xff01, "00"), alpn = extension(16, "ff");
  EXPECT_EQ(refusal(random_bytes, {renegotiation_info, alpn, extension(ExtensionType::server_name, "")}), std::nullopt);
  EXPECT_EQ(refusal(random_bytes, {renegotiation_info, from_hex("0010 0001")}), Reason::extension_malformed);
}

TEST(ServerHello, of_tls_1_2_may_end_before_the_extensions) {
  const Bytes body = fixed_part(random_bytes);
  const auto decoded = decode_server_hello(body);
  ASSERT_TRUE(decoded);
  const auto& hello = std::get<ServerHello>(*decoded);
  EXPECT_FALSE(hello.has_extensions);
  EXPECT_EQ(copy_of(body_of(encoded(hello))), body);
}

TEST(HelloRetryRequest, may_not_end_before_the_extensions) {
  EXPECT_EQ(refusal_of(decode_server_hello(fixed_part(retry_random))), Reason::message_malformed);
}

TEST(ServerHello, with_supported_versions_its_extensions_are_held_to_the_table) {
  EXPECT_EQ(refusal(random_bytes, {says_tls_1_3, extension(16, "0003026832")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal(random_bytes, {says_tls_1_3, extension(ExtensionType::cookie, "0001aa")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal(random_bytes, {extension(0xfff1, "00"), says_tls_1_3}), Reason::extension_unsolicited);
  EXPECT_EQ(refusal(random_bytes, {says_tls_1_3, says_tls_1_3}), Reason::extension_duplicate);
}

TEST(HelloRetryRequest, its_extensions_are_held_to_the_table) {
  EXPECT_EQ(refusal(retry_random, {extension(ExtensionType::pre_shared_key, "0000")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal(retry_random, {says_tls_1_3, extension(0xfff1, "00")}), Reason::extension_unsolicited);
  EXPECT_EQ(refusal(retry_random, {says_tls_1_3, says_tls_1_3}), Reason::extension_duplicate);
}

TEST(ServerHello, its_extensions_have_their_exact_form) {
  for (const std::string_view versions : {"", "03", "030400", "020304"})
    EXPECT_EQ(refusal(random_bytes, {extension(ExtensionType::supported_versions, versions)}), Reason::extension_malformed);
  for (const std::string_view share : {"", "001d", "001d 0000", "001d 0002 aa", "001d 0001 aabb"})
    EXPECT_EQ(refusal(random_bytes, {says_tls_1_3, extension(ExtensionType::key_share, share)}), Reason::extension_malformed);
  for (const std::string_view identity : {"", "00", "000000"})
    EXPECT_EQ(refusal(random_bytes, {says_tls_1_3, extension(ExtensionType::pre_shared_key, identity)}),
              Reason::extension_malformed);
}

TEST(HelloRetryRequest, its_extensions_have_their_exact_form) {
  for (const std::string_view group : {"", "00", "001d 0001 aa"})
    EXPECT_EQ(refusal(retry_random, {says_tls_1_3, extension(ExtensionType::key_share, group)}), Reason::extension_malformed);
  for (const std::string_view cookie : {"", "0000", "0002 aa", "0001 aabb"})
    EXPECT_EQ(refusal(retry_random, {says_tls_1_3, extension(ExtensionType::cookie, cookie)}), Reason::extension_malformed);
}

TEST(ServerHello, no_proper_prefix_decodes_but_the_one_that_ends_before_the_extensions) {
  const Bytes whole = join({fixed_part(random_bytes), behind_length16(says_tls_1_3)});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refusal_of(decode_server_hello(ByteView(whole).first(size))),
              size == fixed_part(random_bytes).size() ? std::nullopt : std::optional(Reason::message_malformed))
        << size;
  EXPECT_EQ(refusal_of(decode_server_hello(join({whole, from_hex("00")}))), Reason::message_malformed);
}

TEST(ServerHello, a_session_id_echo_has_at_most_32_bytes) {
  const Bytes body = join({from_hex("0303"), random_bytes, from_hex("21"), Bytes(33), from_hex("1301 00")});
  EXPECT_EQ(refusal_of(decode_server_hello(body)), Reason::message_malformed);
}

}  // namespace
}  // namespace tocsin::wire
