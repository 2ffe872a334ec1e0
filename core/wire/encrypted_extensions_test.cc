#include "core/wire/encrypted_extensions.h"

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

std::optional<Reason> refusal(std::initializer_list<Bytes> extensions) {
  return test::refusal_of(decode_encrypted_extensions(behind_length16(join(extensions))));
}

TEST(EncryptedExtensions, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes groups = from_hex("001d 0017");
  EncryptedExtensions extensions;
  extensions.server_name = true;
  extensions.application_protocol = bytes_of("h2");
  extensions.record_size_limit = 16385;
  extensions.supported_groups = CodeList<NamedGroup>(groups);
  extensions.early_data = true;

  const Bytes message = encoded(extensions);
  const auto decoded = decode_encrypted_extensions(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->server_name);
  EXPECT_EQ(text_of(decoded->application_protocol.value()), "h2");
  EXPECT_EQ(decoded->record_size_limit, 16385);
  EXPECT_EQ(copy_of(decoded->supported_groups.value().wire()), groups);
  EXPECT_TRUE(decoded->early_data);
  EXPECT_EQ(encoded(*decoded), message);
}

TEST(EncryptedExtensions, none_is_a_message_of_two_bytes) {
  EXPECT_EQ(encoded(EncryptedExtensions{}), from_hex("08 000002 0000"));
  EXPECT_EQ(refusal({}), std::nullopt);
}

TEST(EncryptedExtensions, the_block_is_the_whole_message) {
  for (const std::string_view body : {"", "00", "0001", "0000 00"})
    EXPECT_EQ(test::refusal_of(decode_encrypted_extensions(from_hex(body))), Reason::message_malformed) << body;
}

TEST(EncryptedExtensions, application_protocol_is_exactly_one_name) {
  const auto alpn = [](std::string_view body) { return refusal({extension(16, body)}); };
  EXPECT_EQ(alpn("0003 026832"), std::nullopt);
  for (const std::string_view body : {"", "0000", "0001 00", "0006 026832 026833", "0003 016832", "0003 026832 00"})
    EXPECT_EQ(alpn(body), Reason::extension_malformed) << body;
}

TEST(EncryptedExtensions, acknowledgements_are_empty) {
  for (const auto type : {ExtensionType::server_name, ExtensionType::early_data}) {
    EXPECT_EQ(refusal({extension(type, "")}), std::nullopt);
    EXPECT_EQ(refusal({extension(type, "00")}), Reason::extension_malformed);
  }
}

TEST(EncryptedExtensions, groups_and_limit_have_their_exact_form) {
  for (const std::string_view body : {"", "0000", "0001 00", "0002 001d 00"})
    EXPECT_EQ(refusal({extension(ExtensionType::supported_groups, body)}), Reason::extension_malformed) << body;
  for (const std::string_view body : {"", "40", "400000"})
    EXPECT_EQ(refusal({extension(ExtensionType::record_size_limit, body)}), Reason::extension_malformed) << body;
}

//= RFC 9846 4.4.1 //# The client MUST check EncryptedExtensions for the presence of any forbidden extensions
TEST(EncryptedExtensions, they_are_held_to_the_table) {
  EXPECT_EQ(refusal({extension(ExtensionType::supported_versions, "0304")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal({extension(ExtensionType::key_share, "001d0001aa")}), Reason::extension_misplaced);
  EXPECT_EQ(refusal({extension(0xfff1, "00")}), Reason::extension_unsolicited);
  EXPECT_EQ(refusal({extension(ExtensionType::server_name, ""), extension(ExtensionType::server_name, "")}),
            Reason::extension_duplicate);
}

}  // namespace
}  // namespace tocsin::wire
