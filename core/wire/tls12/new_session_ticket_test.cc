#include "core/wire/tls12/new_session_ticket.h"

#include <gtest/gtest.h>

#include "core/wire/client_hello.h"
#include "core/wire/testing.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin::wire::tls12 {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;
using test::refusal_of;

TEST(NewSessionTicket, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes body = from_hex("00001c20 0003 aabbcc");
  const auto decoded = decode_new_session_ticket(body);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->ticket_lifetime_hint_s, 7200u);
  EXPECT_EQ(copy_of(decoded->ticket), from_hex("aabbcc"));
  EXPECT_EQ(copy_of(body_of(encoded(*decoded))), body);
}

TEST(NewSessionTicket, an_empty_ticket_is_one_that_the_server_does_not_give) {
  const auto decoded = decode_new_session_ticket(from_hex("00000000 0000"));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->ticket.empty());
}

TEST(NewSessionTicket, what_is_cut_short_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "000000", "00000000", "00000000 00", "00000000 0001", "00000000 0001 aa bb"})
    EXPECT_EQ(refusal_of(decode_new_session_ticket(from_hex(body))), Reason::message_malformed) << body;
}

TEST(SessionTicketExtension, holds_any_bytes_in_a_client_hello_and_none_in_a_server_hello) {
  for (const std::string_view ticket : {"", "00", "aabbcc"}) {
    ClientHello hello;
    const Bytes suites = from_hex("c02b"), null_method = from_hex("00"), bytes = from_hex(ticket);
    hello.cipher_suites = CodeList<CipherSuite>(suites);
    hello.legacy_compression_methods = null_method;
    hello.session_ticket = bytes;
    const Bytes message = encoded(hello);
    const auto decoded = decode_client_hello(body_of(message));
    ASSERT_TRUE(decoded);
    ASSERT_TRUE(decoded->session_ticket);
    EXPECT_EQ(copy_of(*decoded->session_ticket), bytes);
  }
  ServerHello hello;
  hello.session_ticket = true;
  Bytes message = encoded(hello);
  EXPECT_TRUE(decode_server_hello(body_of(message))->session_ticket);
  const Bytes filled = from_hex("0303" + std::string(64, '0') + "00 c02b 00 0005 0023 0001 00");
  EXPECT_EQ(refusal_of(decode_server_hello(filled)), Reason::extension_malformed);
}

}  // namespace
}  // namespace tocsin::wire::tls12
