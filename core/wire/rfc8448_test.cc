// The messages of RFC 8448, which other implementations made.
#include <gtest/gtest.h>

#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"
#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

using test::body_of;
using test::copy_of;
using test::encoded;
using test::from_hex;

Bytes message(std::string_view section, std::string_view name) {
  for (const auto& row : test::read_rows("core/wire/testdata/rfc8448.tsv"))
    if (row[0] == section && row[1] == name) return from_hex(row[2]);
  return {};
}

template <class Message>
Bytes reencoded(const Result<Message>& decoded) {
  if constexpr (std::is_same_v<Message, std::variant<ServerHello, HelloRetryRequest>>)
    return decoded ? std::visit([](const auto& hello) { return encoded(hello); }, *decoded) : Bytes{};
  else
    return decoded ? encoded(*decoded) : Bytes{};
}

Bytes reencoded(std::string_view name, ByteView body) {
  if (name == "ClientHello") return reencoded(decode_client_hello(body));
  if (name == "ServerHello" || name == "HelloRetryRequest") return reencoded(decode_server_hello(body));
  if (name == "EncryptedExtensions") return reencoded(decode_encrypted_extensions(body));
  if (name == "Certificate") return reencoded(decode_certificate(body));
  if (name == "CertificateRequest") return reencoded(decode_certificate_request(body));
  if (name == "CertificateVerify") return reencoded(decode_certificate_verify(body));
  if (name == "Finished") return reencoded(decode_finished(body));
  if (name == "NewSessionTicket") return reencoded(decode_new_session_ticket(body));
  return {};
}

TEST(Rfc8448, every_message_decodes_and_keeps_its_length_when_encoded_again) {
  const auto rows = test::read_rows("core/wire/testdata/rfc8448.tsv");
  ASSERT_EQ(rows.size(), 28u);
  for (const auto& row : rows) {
    const Bytes original = from_hex(row[2]), again = reencoded(row[1], body_of(original));
    ASSERT_FALSE(again.empty()) << row[0] << " " << row[1];
    EXPECT_EQ(again[0], original[0]);
    // A ClientHello there also holds extensions that this library does not know, or padding.
    if (row[1] != "ClientHello") {
      EXPECT_EQ(again.size(), original.size()) << row[0] << " " << row[1];
    }
    // Messages without extensions, or with them in the order used here, come out byte for byte.
    if (row[1] == "Certificate" || row[1] == "CertificateVerify" || row[1] == "Finished" || row[1] == "NewSessionTicket") {
      EXPECT_EQ(again, original) << row[0] << " " << row[1];
    }
  }
}

TEST(Rfc8448, the_client_hello_of_section_3_says_what_the_rfc_shows) {
  const Bytes bytes = message("3", "ClientHello");
  const auto hello = decode_client_hello(body_of(bytes));
  ASSERT_TRUE(hello);
  EXPECT_EQ(text_of(hello->host_name().value()), "server");
  EXPECT_EQ(copy_of(hello->cipher_suites.wire()), from_hex("1301 1303 1302"));
  EXPECT_TRUE(hello->supported_groups.value().contains(NamedGroup::x25519));
  EXPECT_TRUE(hello->supported_versions.value().contains(ProtocolVersion::tls13));
  EXPECT_EQ(copy_of(hello->psk_key_exchange_modes.value()), from_hex("01"));
  EXPECT_EQ(hello->record_size_limit, 0x4001);
  const KeyShareEntry share = *hello->key_shares.value().begin();
  EXPECT_EQ(share.group, NamedGroup::x25519);
  EXPECT_EQ(copy_of(share.key_exchange), from_hex("99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c"));
  EXPECT_FALSE(hello->early_data || hello->cookie || hello->pre_shared_keys);
}

TEST(Rfc8448, the_client_hello_of_section_4_offers_early_data_and_a_ticket_of_section_3) {
  const Bytes bytes = message("4", "ClientHello"), ticket_bytes = message("3", "NewSessionTicket");
  const auto hello = decode_client_hello(body_of(bytes));
  const auto ticket = decode_new_session_ticket(body_of(ticket_bytes));
  ASSERT_TRUE(hello && ticket);
  EXPECT_TRUE(hello->early_data);
  EXPECT_EQ(ticket->ticket_lifetime_s, 30u);
  EXPECT_EQ(ticket->max_early_data_bytes, 1024u);
  Reader identities(hello->pre_shared_keys.value().identities);
  EXPECT_EQ(copy_of(identities.vector16()), copy_of(ticket->ticket));
}

TEST(Rfc8448, the_hello_retry_request_of_section_5_is_told_from_a_server_hello) {
  const Bytes retry_bytes = message("5", "HelloRetryRequest"), hello_bytes = message("5", "ServerHello");
  const auto retry = decode_server_hello(body_of(retry_bytes)), hello = decode_server_hello(body_of(hello_bytes));
  ASSERT_TRUE(retry && hello);
  ASSERT_TRUE(std::holds_alternative<HelloRetryRequest>(*retry));
  ASSERT_TRUE(std::holds_alternative<ServerHello>(*hello));
  EXPECT_EQ(std::get<HelloRetryRequest>(*retry).selected_group, NamedGroup::secp256r1);
  EXPECT_EQ(std::get<HelloRetryRequest>(*retry).cookie.value().size(), 0x72u);
  EXPECT_EQ(std::get<ServerHello>(*hello).key_share.value().group, NamedGroup::secp256r1);
}

TEST(Rfc8448, the_server_hello_of_section_4_selects_the_first_identity) {
  const Bytes bytes = message("4", "ServerHello");
  const auto hello = decode_server_hello(body_of(bytes));
  ASSERT_TRUE(hello);
  EXPECT_EQ(std::get<ServerHello>(*hello).pre_shared_key, 0);
  EXPECT_EQ(std::get<ServerHello>(*hello).supported_version, ProtocolVersion::tls13);
}

}  // namespace
}  // namespace tocsin::wire
