#include "core/wire/extensions.h"

#include <gtest/gtest.h>

#include <map>

#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

using test::extension;
using test::join;
using test::refusal_of;

constexpr Carrier carriers[] = {Carrier::client_hello,         Carrier::server_hello,      Carrier::hello_retry_request,
                                Carrier::encrypted_extensions, Carrier::certificate,       Carrier::certificate_request,
                                Carrier::new_session_ticket,   Carrier::tls12_server_hello};

std::optional<Reason> check(const Bytes& block, Carrier carrier) { return refusal_of(check_extensions(block, carrier)); }

TEST(Extensions, each_stands_where_its_rfc_allows_it) {
  using C = Carrier;
  const std::map<unsigned, std::vector<Carrier>> table = {
      {0, {C::client_hello, C::encrypted_extensions, C::certificate_request, C::tls12_server_hello}},
      {1, {C::client_hello, C::encrypted_extensions, C::tls12_server_hello}},
      {10, {C::client_hello, C::encrypted_extensions}},
      {13, {C::client_hello, C::certificate_request}},
      {11, {C::client_hello, C::tls12_server_hello}},
      {16, {C::client_hello, C::encrypted_extensions, C::tls12_server_hello}},
      {21, {C::client_hello}},
      {23, {C::client_hello, C::tls12_server_hello}},
      {28, {C::client_hello, C::encrypted_extensions, C::tls12_server_hello}},
      {35, {C::client_hello, C::tls12_server_hello}},
      {41, {C::client_hello, C::server_hello}},
      {42, {C::client_hello, C::encrypted_extensions, C::new_session_ticket}},
      {43, {C::client_hello, C::server_hello, C::hello_retry_request}},
      {44, {C::client_hello, C::hello_retry_request}},
      {45, {C::client_hello}},
      {50, {C::client_hello, C::certificate_request}},
      {51, {C::client_hello, C::server_hello, C::hello_retry_request}},
      {54, {C::client_hello, C::tls12_server_hello}},
      {0xff01, {C::client_hello, C::tls12_server_hello}},
  };
  for (unsigned type = 0; type < 0x10000; ++type)
    for (const Carrier carrier : carriers) {
      const auto row = table.find(type);
      const Standing standing = standing_of(static_cast<ExtensionType>(type), carrier);
      if (row == table.end()) {
        ASSERT_EQ(standing, Standing::unknown) << type;
      } else {
        const bool is_allowed = std::find(row->second.begin(), row->second.end(), carrier) != row->second.end();
        ASSERT_EQ(standing, is_allowed ? Standing::allowed : Standing::misplaced) << type;
      }
    }
}

TEST(Extensions, each_has_its_name_and_others_are_unknown) {
  EXPECT_EQ(name_of(ExtensionType::server_name), "server_name");
  EXPECT_EQ(name_of(ExtensionType::key_share), "key_share");
  EXPECT_EQ(name_of(static_cast<ExtensionType>(0x0a0a)), "unknown");
}

TEST(Extensions, an_empty_block_is_in_order_everywhere) {
  for (const Carrier carrier : carriers) EXPECT_EQ(check({}, carrier), std::nullopt);
}

//= RFC 9846 4.3 //# which it appears, it MUST abort the handshake with an "illegal_parameter" alert.
TEST(Extensions, a_known_extension_in_a_message_that_may_not_carry_it_is_misplaced) {
  EXPECT_EQ(check(extension(ExtensionType::cookie, "000101"), Carrier::encrypted_extensions), Reason::extension_misplaced);
  EXPECT_EQ(check(extension(ExtensionType::key_share, ""), Carrier::certificate_request), Reason::extension_misplaced);
  EXPECT_EQ(check(extension(ExtensionType::server_name, ""), Carrier::certificate), Reason::extension_misplaced);
}

//= RFC 9846 4.3 //# Upon receiving such an extension, an endpoint MUST abort the handshake with an
//= RFC 9846 4.5.1 //# Extensions in the Certificate message from the client MUST correspond to extensions in
TEST(Extensions, an_unknown_one_passes_where_it_asks_and_is_unsolicited_where_it_answers) {
  const Bytes unknown = extension(0x3a3a, "01");
  for (const Carrier carrier : {Carrier::client_hello, Carrier::certificate_request, Carrier::new_session_ticket})
    EXPECT_EQ(check(unknown, carrier), std::nullopt);
  for (const Carrier carrier :
       {Carrier::server_hello, Carrier::hello_retry_request, Carrier::encrypted_extensions, Carrier::certificate})
    EXPECT_EQ(check(unknown, carrier), Reason::extension_unsolicited);
}

//= RFC 9846 4.3 //# There MUST NOT be more than one extension of the same type in a given extension block.
TEST(Extensions, a_duplicate_is_refused_known_or_not_wherever_it_stands) {
  const Bytes known = extension(ExtensionType::cookie, "000101"), unknown = extension(0xffff, "");
  EXPECT_EQ(check(join({known, known}), Carrier::client_hello), Reason::extension_duplicate);
  EXPECT_EQ(check(join({unknown, unknown}), Carrier::client_hello), Reason::extension_duplicate);
  EXPECT_EQ(check(join({unknown, known, unknown}), Carrier::client_hello), Reason::extension_duplicate);
  EXPECT_EQ(check(join({known, unknown}), Carrier::client_hello), std::nullopt);
}

TEST(Extensions, a_duplicate_is_found_among_as_many_as_a_block_can_hold) {
  Bytes block;
  for (unsigned type = 0x1000; type < 0x1000 + 16382; ++type) append(block, extension(type, ""));
  EXPECT_EQ(check(block, Carrier::client_hello), std::nullopt);
  append(block, extension(0x1000, ""));
  EXPECT_EQ(check(block, Carrier::client_hello), Reason::extension_duplicate);
}

TEST(Extensions, a_duplicate_of_the_first_or_the_last_is_found_around_the_number_from_which_a_table_is_made) {
  for (unsigned count = 30; count < 36; ++count) {
    Bytes block;
    for (unsigned type = 0x1000; type < 0x1000 + count; ++type) append(block, extension(type, ""));
    EXPECT_EQ(check(block, Carrier::client_hello), std::nullopt) << count;
    for (const unsigned type : {0x1000u, 0x1000u + count - 1})
      EXPECT_EQ(check(join({block, extension(type, "")}), Carrier::client_hello), Reason::extension_duplicate) << count;
  }
}

TEST(Extensions, a_block_that_ends_inside_an_extension_is_malformed) {
  const Bytes block = join({extension(0x1234, "0102"), extension(0x1235, "0304")});
  for (std::size_t size = 1; size < block.size(); ++size) {
    if (size == block.size() / 2) continue;
    EXPECT_EQ(check(Bytes(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(size)), Carrier::client_hello),
              Reason::extension_malformed)
        << size;
  }
}

//= RFC 9846 4.3 //# Section 4.3.11) which MUST be the last extension in the ClientHello (but can appear
TEST(Extensions, pre_shared_key_must_be_the_last_of_a_client_hello_only) {
  const Bytes psk = extension(ExtensionType::pre_shared_key, "0000"),
              versions = extension(ExtensionType::supported_versions, "0304");
  EXPECT_EQ(check(join({psk, versions}), Carrier::client_hello), Reason::pre_shared_key_not_last);
  EXPECT_EQ(check(join({versions, psk}), Carrier::client_hello), std::nullopt);
  EXPECT_EQ(check(join({psk, versions}), Carrier::server_hello), std::nullopt);
}

//= RFC 9846 4.3 //# When processing an extension, receivers MUST abort the handshake with a "decode_error"
TEST(Extensions, decode_extensions_reads_what_the_message_has_and_refuses_what_is_left_unread) {
  const Bytes cookie = extension(ExtensionType::cookie, "0001aa"), unknown = extension(0x3a3a, "bb"),
              padding = extension(ExtensionType::padding, "cc");
  const Bytes block = join({cookie, unknown, padding});
  ClientHelloExtensions hello;
  EXPECT_TRUE(decode_extensions(block, Carrier::client_hello, hello));
  EXPECT_EQ(test::copy_of(hello.cookie.value()), test::from_hex("aa"));
  const Bytes too_long = extension(ExtensionType::cookie, "0001aabb");
  EXPECT_EQ(refusal_of(decode_extensions(too_long, Carrier::client_hello, hello)), Reason::extension_malformed);
  EXPECT_TRUE(decode_extensions(too_long, Carrier::client_hello, hello, ExtensionType::cookie));
}

TEST(Extensions, the_table_has_each_member_of_a_message_once) {
  const auto count = []<class Message>(const Message&) {
    std::size_t members = 0;
    for_each_extension<Message>([&](ExtensionType, auto, auto) { ++members; });
    return members;
  };
  EXPECT_EQ(count(ClientHelloExtensions()), 18u);
  EXPECT_EQ(count(ServerHelloExtensions()), 3u);
  EXPECT_EQ(count(HelloRetryRequestExtensions()), 3u);
  EXPECT_EQ(count(EncryptedServerExtensions()), 6u);
  EXPECT_EQ(count(tls12::ServerHelloExtensions()), 9u);
  EXPECT_EQ(count(CertificateRequestExtensions()), 2u);
  EXPECT_EQ(count(NewSessionTicketExtensions()), 1u);
}

}  // namespace
}  // namespace tocsin::wire
