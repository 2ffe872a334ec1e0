#include "core/wire/tls12/server_hello.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire::tls12 {
namespace {

using test::behind_length16;
using test::body_of;
using test::copy_of;
using test::encoded;
using test::extension;
using test::from_hex;
using test::join;
using test::refusal_of;

Bytes fixed_part() { return join({from_hex("0303"), Bytes(32, 0x11), from_hex("02 aabb c02b 00")}); }

std::optional<Reason> refusal(std::initializer_list<Bytes> extensions) {
  return refusal_of(decode_server_hello(join({fixed_part(), behind_length16(join(extensions))})));
}

TEST(ServerHello, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes session_id(32, 0x22), formats{0}, nothing;
  ServerHello hello;
  hello.random.fill(0x44);
  hello.session_id = session_id;
  hello.cipher_suite = CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256;
  hello.server_name = true;
  hello.application_protocol = bytes_of("h2");
  hello.record_size_limit = 1000;
  hello.ec_point_formats = formats;
  hello.extended_master_secret = true;
  hello.renegotiated_connection = nothing;
  hello.connection_id = session_id;

  const Bytes message = encoded(hello);
  const auto again = decode_server_hello(body_of(message));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->server_version, 0x0303);
  EXPECT_EQ(again->random, hello.random);
  EXPECT_EQ(copy_of(again->session_id), session_id);
  EXPECT_EQ(again->cipher_suite, CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256);
  EXPECT_TRUE(again->server_name);
  EXPECT_EQ(text_of(again->application_protocol.value()), "h2");
  EXPECT_EQ(again->record_size_limit, 1000);
  EXPECT_EQ(copy_of(again->ec_point_formats.value()), formats);
  EXPECT_TRUE(again->extended_master_secret);
  EXPECT_TRUE(again->renegotiated_connection.value().empty());
  EXPECT_EQ(copy_of(again->connection_id.value()), session_id);
  EXPECT_EQ(encoded(*again), message);
}

TEST(ServerHello, may_end_before_the_extensions_or_have_none) {
  const Bytes body = fixed_part(), with_an_empty_block = join({fixed_part(), from_hex("0000")});
  const auto without = decode_server_hello(body);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->has_extensions);
  EXPECT_EQ(copy_of(body_of(encoded(*without))), body);
  const auto none = decode_server_hello(with_an_empty_block);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->has_extensions);
}

TEST(ServerHello, its_extensions_are_held_to_the_table) {
  EXPECT_EQ(
      refusal({extension(ExtensionType::extended_master_secret, ""), extension(ExtensionType::extended_master_secret, "")}),
      Reason::extension_duplicate);
  EXPECT_EQ(refusal({extension(ExtensionType::key_share, "001d 0001 aa")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal({extension(0x1234, "")}), Reason::extension_unsolicited);
  EXPECT_EQ(refusal_of(decode_server_hello(join({fixed_part(), from_hex("0001 00")}))), Reason::extension_malformed);
}

TEST(ServerHello, its_extensions_have_their_exact_form) {
  for (const auto& [type, body] : std::initializer_list<std::pair<ExtensionType, std::string_view>>{
           {ExtensionType::server_name, "00"},
           {ExtensionType::application_layer_protocol_negotiation, "0003 01 61 00"},
           {ExtensionType::application_layer_protocol_negotiation, "0000"},
           {ExtensionType::record_size_limit, "40"},
           {ExtensionType::ec_point_formats, "00"},
           {ExtensionType::extended_master_secret, "00"},
           {ExtensionType::renegotiation_info, ""},
           {ExtensionType::renegotiation_info, "01"},
           {ExtensionType::connection_id, ""},
           {ExtensionType::connection_id, "02 aa"},
           {ExtensionType::connection_id, "01 aabb"}})
    EXPECT_EQ(refusal({extension(type, body)}), Reason::extension_malformed) << name_of(type) << " " << body;
}

TEST(ServerHello, no_proper_prefix_decodes_but_the_one_that_ends_before_the_extensions) {
  const Bytes whole = join({fixed_part(), behind_length16(extension(ExtensionType::extended_master_secret, ""))});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(static_cast<bool>(decode_server_hello(ByteView(whole).first(size))), size == fixed_part().size()) << size;
}

}  // namespace
}  // namespace tocsin::wire::tls12
