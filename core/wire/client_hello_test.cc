#include "core/wire/client_hello.h"

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

const Bytes fixed_part = join({from_hex("0303"), Bytes(32, 0x11), from_hex("00 0002 1301 01 00")});

Bytes hello_with(std::initializer_list<Bytes> extensions) { return join({fixed_part, behind_length16(join(extensions))}); }

std::optional<Reason> refusal_of_hello_with(const Bytes& extensions) {
  return refusal_of(decode_client_hello(hello_with({extensions})));
}

void expect_malformed(ExtensionType type, std::initializer_list<std::string_view> bodies_hex) {
  for (const std::string_view body : bodies_hex)
    EXPECT_EQ(refusal_of_hello_with(extension(type, body)), Reason::extension_malformed) << name_of(type) << " " << body;
}

TEST(ClientHello, decode_client_hello_answers_each_sample_first_flight_as_the_rfcs_ask) {
  const auto rows = test::read_rows("core/wire/testdata/client_hellos.tsv");
  ASSERT_GT(rows.size(), 80u);
  for (const auto& row : rows) {
    const std::string &name = row[0], &decoded = row[1], &rfc_expected = row[2];
    const Bytes message = from_hex(row[4]);
    const auto refusal = refusal_of(decode_client_hello(body_of(message)));
    EXPECT_EQ(refusal ? name_of(*refusal) : "ok", decoded) << name;
    if (refusal) {
      const std::string alert = std::to_string(static_cast<int>(alert_for(*refusal)));
      EXPECT_NE(rfc_expected.find(alert), std::string::npos) << name;
    }
  }
}

//= RFC 9846 4.3 //# That is, senders MUST NOT include data after the structure in the "extension_data"
TEST(ClientHello, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes session_id(32, 0x22), suites = from_hex("1301 1303 00ff"), groups = from_hex("001d 0017"),
                                    schemes = from_hex("0403"), schemes_cert = from_hex("0401 0501"),
                                    protocols = from_hex("026832 08687474702f312e31"), versions = from_hex("0304 0303"),
                                    cookie = from_hex("c0"), modes = from_hex("01"), share = from_hex("001d 0002 aabb"),
                                    names = test::names_of("example.org"), identities = from_hex("0001 69 00000001"),
                                    binders = join({from_hex("20"), Bytes(32, 0xbb)}), nothing = from_hex("00");
  ClientHello hello;
  hello.legacy_version = 0x0302;
  hello.random.fill(0x33);
  hello.legacy_session_id = session_id;
  hello.cipher_suites = CodeList<CipherSuite>(suites);
  hello.legacy_compression_methods = nothing;
  hello.server_names = ServerNames(names);
  hello.supported_groups = CodeList<NamedGroup>(groups);
  hello.signature_algorithms = CodeList<SignatureScheme>(schemes);
  hello.signature_algorithms_cert = CodeList<SignatureScheme>(schemes_cert);
  hello.application_protocols = ProtocolNames(protocols);
  hello.supported_versions = CodeList<ProtocolVersion>(versions);
  hello.cookie = cookie;
  hello.psk_key_exchange_modes = modes;
  hello.max_fragment_length = 4;
  hello.record_size_limit = 64;
  hello.key_shares = KeyShares(share);
  hello.early_data = true;
  hello.pre_shared_keys = PreSharedKeys{identities, binders};

  const Bytes message = encoded(hello);
  const auto decoded = decode_client_hello(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->legacy_version, 0x0302);
  EXPECT_EQ(decoded->random, hello.random);
  EXPECT_EQ(copy_of(decoded->legacy_session_id), session_id);
  EXPECT_EQ(copy_of(decoded->cipher_suites.wire()), suites);
  EXPECT_EQ(copy_of(decoded->legacy_compression_methods), nothing);
  EXPECT_TRUE(decoded->has_extensions);
  EXPECT_EQ(text_of(decoded->host_name().value()), "example.org");
  EXPECT_EQ(copy_of(decoded->supported_groups.value().wire()), groups);
  EXPECT_EQ(copy_of(decoded->signature_algorithms.value().wire()), schemes);
  EXPECT_EQ(copy_of(decoded->signature_algorithms_cert.value().wire()), schemes_cert);
  EXPECT_EQ(copy_of(decoded->application_protocols.value().wire()), protocols);
  EXPECT_EQ(copy_of(decoded->supported_versions.value().wire()), versions);
  EXPECT_EQ(copy_of(decoded->cookie.value()), cookie);
  EXPECT_EQ(copy_of(decoded->psk_key_exchange_modes.value()), modes);
  EXPECT_EQ(decoded->max_fragment_length, 4);
  EXPECT_EQ(decoded->record_size_limit, 64);
  EXPECT_EQ(copy_of(decoded->key_shares.value().wire()), share);
  EXPECT_TRUE(decoded->early_data);
  EXPECT_EQ(copy_of(decoded->pre_shared_keys.value().identities), identities);
  EXPECT_EQ(copy_of(decoded->pre_shared_keys.value().binders), binders);
  EXPECT_EQ(encoded(*decoded), message);
}

TEST(ClientHello, a_message_without_extensions_block_differs_from_one_with_an_empty_block) {
  const Bytes with_block = hello_with({});
  const auto without = decode_client_hello(fixed_part), with = decode_client_hello(with_block);
  ASSERT_TRUE(without);
  ASSERT_TRUE(with);
  EXPECT_FALSE(without->has_extensions);
  EXPECT_TRUE(with->has_extensions);
  EXPECT_EQ(copy_of(body_of(encoded(*without))), fixed_part);
  EXPECT_EQ(copy_of(body_of(encoded(*with))), with_block);
}

TEST(ClientHello, no_proper_prefix_decodes_but_the_one_that_ends_before_the_extensions) {
  const Bytes whole = hello_with({extension(ExtensionType::server_name, "0006 00 0003 616263"), extension(0x3a3a, "")});
  ASSERT_TRUE(decode_client_hello(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refusal_of(decode_client_hello(ByteView(whole).first(size))),
              size == fixed_part.size() ? std::nullopt : std::optional(Reason::message_malformed))
        << size;
}

//= RFC 9846 4.2.2 //# If negotiating a version of TLS prior to 1.3, a server MUST check that the message
//= RFC 9846 4.2.2 //# If not, then it MUST abort the handshake with a "decode_error" alert.
TEST(ClientHello, a_byte_behind_the_extensions_is_malformed) {
  EXPECT_EQ(refusal_of(decode_client_hello(join({hello_with({}), from_hex("00")}))), Reason::message_malformed);
}

TEST(ClientHello, a_session_id_has_at_most_32_bytes) {
  const auto hello = [](std::size_t size) {
    Bytes body =
        join({from_hex("0303"), Bytes(32), Bytes{static_cast<std::uint8_t>(size)}, Bytes(size), from_hex("0002 1301 01 00")});
    return refusal_of(decode_client_hello(body));
  };
  EXPECT_EQ(hello(32), std::nullopt);
  EXPECT_EQ(hello(33), Reason::message_malformed);
}

// RFC 6066 3: every name has a length of two bytes, whatever its type.
TEST(ClientHello, server_name_is_one_host_name_beside_names_of_unknown_types) {
  const auto name_in = [](std::string_view list) -> std::optional<std::string> {
    const Bytes body = hello_with({extension(ExtensionType::server_name, list)});
    const auto hello = decode_client_hello(body);
    if (!hello) return std::string(name_of(hello.error().why));
    return hello->host_name() ? std::optional(std::string(text_of(*hello->host_name()))) : std::nullopt;
  };
  EXPECT_EQ(name_in("0004 00 0001 61"), "a");
  EXPECT_EQ(name_in("0008 01 0001 62 00 0001 61"), "a");
  EXPECT_EQ(name_in("000a 00 0001 61 ff 0000 07 0000"), "a");
  EXPECT_EQ(name_in("0004 01 0001 61"), std::nullopt);
  expect_malformed(ExtensionType::server_name, {"", "0000", "0003 00 0000", "0004 00 0001 61 00", "0005 00 0001 61 00",
                                                "0004 00 0002 61", "0005 00 0001 61", "0007 00 0001 61 01 0001"});
}

// RFC 6066 3: "The ServerNameList MUST NOT contain more than one name of the same name_type."
TEST(ClientHello, server_name_has_no_two_names_of_a_type) {
  for (const std::string_view list :
       {"0008 00 0001 61 00 0001 62", "0008 00 0001 61 00 0001 61", "000a 00 0001 61 07 0000 07 0000"})
    EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::server_name, list)), Reason::server_name_duplicate) << list;
}

TEST(ClientHello, lists_of_codes_are_neither_empty_nor_odd_nor_followed_by_anything) {
  for (const auto type :
       {ExtensionType::supported_groups, ExtensionType::signature_algorithms, ExtensionType::signature_algorithms_cert}) {
    EXPECT_EQ(refusal_of_hello_with(extension(type, "0002 0403")), std::nullopt);
    expect_malformed(type, {"", "00", "0000", "0001 04", "0003 0403 04", "0002 0403 00", "0004 0403"});
  }
}

TEST(ClientHello, supported_versions_has_1_to_127_whole_versions) {
  EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::supported_versions, "02 0304")), std::nullopt);
  EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::supported_versions, "fe" + std::string(508, '0'))), std::nullopt);
  expect_malformed(ExtensionType::supported_versions,
                   {"", "00", "01 03", "03 030403", "02 0304 00", "04 0304", "ff" + std::string(510, '0')});
}

TEST(ClientHello, application_protocols_are_a_list_of_names_that_are_not_empty) {
  EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::application_layer_protocol_negotiation, "0003 026832")),
            std::nullopt);
  expect_malformed(ExtensionType::application_layer_protocol_negotiation,
                   {"", "0000", "0001 00", "0003 00 0161", "0003 036832", "0003 026832 00", "0004 026832"});
}

TEST(ClientHello, key_share_may_be_empty_and_its_keys_may_not) {
  for (const std::string_view body : {"0000", "0005 001d 0001 aa", "000a 001d 0001 aa 0017 0001 bb"})
    EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::key_share, body)), std::nullopt) << body;
  expect_malformed(ExtensionType::key_share,
                   {"", "00", "0004 001d 0000", "0005 001d 0002 aa", "0006 001d 0001 aa 00", "0000 00"});
}

TEST(ClientHello, the_small_extensions_have_their_exact_form) {
  expect_malformed(ExtensionType::cookie, {"", "0000", "0001", "0001 aabb"});
  expect_malformed(ExtensionType::psk_key_exchange_modes, {"", "00", "01", "01 0101"});
  expect_malformed(ExtensionType::max_fragment_length, {"", "0101"});
  expect_malformed(ExtensionType::record_size_limit, {"", "40", "400000"});
  expect_malformed(ExtensionType::early_data, {"00"});
}

TEST(ClientHello, a_connection_id_means_something_in_dtls_only) {
  const auto of_dtls = [](std::string_view body_hex) {
    Bytes body = hello_with({extension(ExtensionType::connection_id, body_hex)});
    body.insert(body.begin() + 2 + 32 + 1 + body[34], 0);  // an empty cookie behind the session id
    return body;
  };
  const Bytes with_id = of_dtls("02 aabb"), with_none = of_dtls("00");
  EXPECT_EQ(copy_of(decode_dtls_client_hello(with_id)->connection_id.value()), from_hex("aabb"));
  EXPECT_TRUE(decode_dtls_client_hello(with_none)->connection_id.value().empty());
  EXPECT_EQ(copy_of(body_of(encoded(*decode_dtls_client_hello(with_id)))), with_id);
  for (const std::string_view malformed : {"", "02 aa", "01 aabb"})
    EXPECT_EQ(refusal_of(decode_dtls_client_hello(of_dtls(malformed))), Reason::extension_malformed) << malformed;
  for (const std::string_view body : {"", "02 aa", "02 aabb"}) {
    const Bytes over_a_stream = hello_with({extension(ExtensionType::connection_id, body)});
    const auto hello = decode_client_hello(over_a_stream);
    ASSERT_TRUE(hello) << body;
    EXPECT_FALSE(hello->connection_id) << body;
  }
}

TEST(ClientHello, padding_may_hold_anything) {
  EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::padding, "")), std::nullopt);
  EXPECT_EQ(refusal_of_hello_with(extension(ExtensionType::padding, "000001")), std::nullopt);
}

std::string psk_body(std::string_view identities_hex, std::string_view binders_hex) {
  return test::to_hex(join({behind_length16(from_hex(identities_hex)), behind_length16(from_hex(binders_hex))}));
}

TEST(ClientHello, pre_shared_key_has_one_binder_of_32_bytes_or_more_for_each_identity) {
  const std::string identity = "0001 69 00000000", binder = "20" + std::string(64, '0');
  const auto refusal = [](const std::string& body) {
    return refusal_of_hello_with(extension(ExtensionType::pre_shared_key, body));
  };
  EXPECT_EQ(refusal(psk_body(identity, binder)), std::nullopt);
  EXPECT_EQ(refusal(psk_body(identity + identity, binder + binder)), std::nullopt);
  EXPECT_EQ(refusal(psk_body(identity + identity, binder)), Reason::pre_shared_key_binders_mismatch);
  EXPECT_EQ(refusal(psk_body(identity, binder + binder)), Reason::pre_shared_key_binders_mismatch);
  for (const std::string& body :
       {std::string(), psk_body("", binder), psk_body(identity, ""), psk_body("0000 00000000", binder),
        psk_body("0000 00000000 00", binder), psk_body(identity + "00", binder),
        psk_body(identity + identity, "1f" + std::string(62, '0') + binder), psk_body(identity, binder + "00"),
        psk_body(identity, binder) + "00"})
    EXPECT_EQ(refusal(body), Reason::extension_malformed) << body;
}

TEST(ClientHello, pre_shared_key_before_another_extension_is_refused_even_if_that_is_unknown) {
  const Bytes psk = extension(ExtensionType::pre_shared_key, psk_body("0001 69 00000000", "20" + std::string(64, '0')));
  EXPECT_EQ(refusal_of_hello_with(join({psk, extension(0x3a3a, "")})), Reason::pre_shared_key_not_last);
  EXPECT_EQ(refusal_of_hello_with(join({extension(0x3a3a, ""), psk})), std::nullopt);
}

TEST(ClientHello, what_is_unknown_is_kept_in_the_raw_extensions_only) {
  const Bytes unknown = extension(0x3a3a, "00"), hello = hello_with({unknown});
  const auto decoded = decode_client_hello(hello);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->extensions), unknown);
  EXPECT_EQ(copy_of(body_of(encoded(*decoded))), hello_with({}));
}

}  // namespace
}  // namespace tocsin::wire
