#include "core/wire/post_handshake.h"

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

std::optional<Reason> refusal_of_ticket_with(const Bytes& extensions) {
  return refusal_of(decode_new_session_ticket(join({from_hex("00000001 00000002 00 0001 aa"), behind_length16(extensions)})));
}

TEST(NewSessionTicket, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes nonce = from_hex("0001"), ticket = from_hex("aabbcc");
  const Bytes message = encoded(NewSessionTicket{{0x01020304}, 604800, 0xfad6aac5, nonce, ticket});
  const auto decoded = decode_new_session_ticket(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->ticket_lifetime_s, 604800u);
  EXPECT_EQ(decoded->ticket_age_add, 0xfad6aac5u);
  EXPECT_EQ(copy_of(decoded->ticket_nonce), nonce);
  EXPECT_EQ(copy_of(decoded->ticket), ticket);
  EXPECT_EQ(decoded->max_early_data_bytes, 0x01020304u);
  EXPECT_EQ(encoded(*decoded), message);
}

TEST(NewSessionTicket, early_data_holds_four_bytes) {
  EXPECT_EQ(refusal_of_ticket_with(extension(ExtensionType::early_data, "00000400")), std::nullopt);
  for (const std::string_view body : {"", "000400", "0000000400"})
    EXPECT_EQ(refusal_of_ticket_with(extension(ExtensionType::early_data, body)), Reason::extension_malformed);
}

//= RFC 9846 4.7.1 //# Clients MUST ignore unrecognized extensions.
//= RFC 9846 9.3 //# In TLS 1.3, a client receiving a CertificateRequest or NewSessionTicket MUST also ignore all unrecognized extensions.
TEST(NewSessionTicket, unknown_extensions_pass_and_misplaced_or_doubled_ones_do_not) {
  const Bytes grease = extension(0x3a3a, "");
  EXPECT_EQ(refusal_of_ticket_with(grease), std::nullopt);
  EXPECT_EQ(refusal_of_ticket_with(join({grease, grease})), Reason::extension_duplicate);
  EXPECT_EQ(refusal_of_ticket_with(extension(ExtensionType::cookie, "0001aa")), Reason::extension_misplaced);
}

// RFC 9846 4.7.1; in RFC 9846 4.7.1 they were one byte shorter.
TEST(NewSessionTicket, extensions_may_be_as_long_as_their_length_can_say) {
  constexpr std::size_t block_bytes_max = 0xffff, extension_header_bytes = 4;
  Bytes block = from_hex("3a3a fffb");
  block.resize(extension_header_bytes + 0xfffb);
  ASSERT_EQ(block.size(), block_bytes_max);
  EXPECT_EQ(refusal_of_ticket_with(block), std::nullopt);
}

TEST(NewSessionTicket, what_is_cut_short_too_long_or_without_ticket_is_malformed) {
  for (const std::string_view body :
       {"", "00000001", "00000001 00000002", "00000001 00000002 01 0001 aa 0000", "00000001 00000002 00 0000 0000",
        "00000001 00000002 00 0001 aa", "00000001 00000002 00 0001 aa 00", "00000001 00000002 00 0001 aa 0001",
        "00000001 00000002 00 0001 aa 0000 00"})
    EXPECT_EQ(refusal_of(decode_new_session_ticket(from_hex(body))), Reason::message_malformed) << body;
}

TEST(KeyUpdate, both_values_are_encoded_and_decoded_again) {
  EXPECT_EQ(encoded(KeyUpdate{false}), from_hex("18 000001 00"));
  EXPECT_EQ(encoded(KeyUpdate{true}), from_hex("18 000001 01"));
  EXPECT_FALSE(decode_key_update(from_hex("00"))->request_update);
  EXPECT_TRUE(decode_key_update(from_hex("01"))->request_update);
}

//= RFC 9846 4.7.3 //# If an implementation receives any other value, it MUST terminate the connection with an
TEST(KeyUpdate, any_other_value_is_an_invalid_request_and_any_other_length_malformed) {
  for (unsigned value = 2; value < 256; ++value)
    EXPECT_EQ(refusal_of(decode_key_update(Bytes{static_cast<std::uint8_t>(value)})), Reason::key_update_request_invalid);
  EXPECT_EQ(refusal_of(decode_key_update({})), Reason::message_malformed);
  EXPECT_EQ(refusal_of(decode_key_update(from_hex("0000"))), Reason::message_malformed);
  EXPECT_EQ(refusal_of(decode_key_update(from_hex("0200"))), Reason::message_malformed);
}

}  // namespace
}  // namespace tocsin::wire
