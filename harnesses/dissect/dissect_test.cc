// The messages of RFC 8448, which other implementations made, and what the tree must be where they are changed.
#include "harnesses/dissect/dissect.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/testing.h"
#include "core/base/writer.h"
#include "harnesses/dissect/registries.h"
#include "harnesses/dissect/text.h"

namespace tocsin::dissect {
namespace {

using test::from_hex;
using test::join;

Bytes message(std::string_view section, std::string_view name) {
  for (const auto& row : test::read_rows("core/wire/testdata/rfc8448.tsv"))
    if (row[0] == section && row[1] == name) return from_hex(row[2]);
  return {};
}

Bytes record(std::uint8_t type, ByteView content) {
  Bytes bytes{type, 3, 3};
  Writer(bytes).vector16(content);
  return bytes;
}
Bytes part_of(const Bytes& bytes, std::size_t from, std::size_t to) {
  return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to));
}

// "name: value" of every field with a value, in order.
void add_values(const std::vector<Node>& nodes, std::vector<std::string>& into) {
  for (const Node& node : nodes) {
    if (const std::string text = text_of(node); !text.empty()) into.push_back(std::string(node.name) + ": " + text);
    add_values(node.fields, into);
  }
}
std::vector<std::string> values_of(const Document& document) {
  std::vector<std::string> values;
  add_values(document.nodes, values);
  return values;
}
bool says(const Document& document, std::string_view line) {
  const auto values = values_of(document);
  return std::find(values.begin(), values.end(), line) != values.end();
}

std::vector<std::string> fault_lines(const Document& document) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults_of(document.nodes))
    lines.push_back(std::to_string(fault.node->offset) + " " + fault.path + ": " + fault.node->fault);
  return lines;
}
using Lines = std::vector<std::string>;

TEST(dissect, reads_every_message_of_rfc8448_without_a_fault) {
  const auto rows = test::read_rows("core/wire/testdata/rfc8448.tsv");
  ASSERT_EQ(rows.size(), 28u);
  for (const auto& row : rows) {
    const Document document = dissect_messages(from_hex(row[2]));
    ASSERT_EQ(document.messages.size(), 1u) << row[0] << " " << row[1];
    EXPECT_EQ(document.messages[0].node.value, row[1]);
    EXPECT_EQ(fault_lines(document), Lines()) << row[0] << " " << row[1];
  }
}

TEST(dissect, names_what_the_client_hello_of_rfc8448_section_3_holds) {
  const Document document = dissect_records(record(22, message("3", "ClientHello")));
  for (const std::string_view line :
       {"TLSPlaintext: handshake", "Handshake: ClientHello", "legacy_version: TLS 1.2 (0x0303)",
        "CipherSuite: TLS_CHACHA20_POLY1305_SHA256 (0x1303)", "Extension: server_name", "opaque: \"server\"",
        "Extension: renegotiation_info", "NamedGroup: x25519 (0x001d)", "NamedGroup: ffdhe8192 (0x0104)",
        "ProtocolVersion: TLS 1.3 (0x0304)", "SignatureScheme: ecdsa_secp256r1_sha256 (0x0403)",
        "PskKeyExchangeMode: psk_dhe_ke (1)", "RecordSizeLimit: 16385"})
    EXPECT_TRUE(says(document, line)) << line;
}

TEST(dissect, tells_a_hello_retry_request_and_an_old_server_hello_from_a_server_hello) {
  EXPECT_TRUE(says(dissect_messages(message("5", "HelloRetryRequest")), "selected_group: secp256r1 (0x0017)"));
  EXPECT_TRUE(says(dissect_messages(message("3", "ServerHello")), "selected_version: TLS 1.3 (0x0304)"));
  const Bytes old = join({from_hex("02000026 0303"), Bytes(32, 7), from_hex("00 c02b 00")});
  const Document document = dissect_messages(old);
  EXPECT_TRUE(says(document, "Handshake: ServerHello of TLS 1.2 or older"));
  EXPECT_EQ(fault_lines(document), Lines());
}

TEST(dissect, recognises_grease_in_every_registry_that_has_it) {
  EXPECT_EQ(described(cipher_suites, 0x8a8a, 2), "GREASE (0x8a8a)");
  EXPECT_EQ(described(extension_types, 0x0a0a, 2), "GREASE (0x0a0a)");
  EXPECT_EQ(described(named_groups, 0xfafa, 2), "GREASE (0xfafa)");
  EXPECT_EQ(described(psk_key_exchange_modes, 0x2a, 1), "GREASE (42)");
  EXPECT_EQ(described(cipher_suites, 0x8a9a, 2), "unknown (0x8a9a)");
  EXPECT_EQ(described(versions, 0x0304, 2), "TLS 1.3 (0x0304)");
}

TEST(dissect, has_its_registries_in_rising_order) {
  for (const Registry* registry : {&alert_descriptions, &cipher_suites, &extension_types, &handshake_types, &named_groups,
                                   &signature_schemes, &versions, &content_types})
    EXPECT_TRUE(std::is_sorted(registry->rows.begin(), registry->rows.end(),
                               [](const CodePoint& a, const CodePoint& b) { return a.code < b.code; }));
}

TEST(dissect, puts_a_length_that_does_not_fit_where_it_stands_and_goes_on) {
  Bytes hello = message("3", "ClientHello");
  hello[4 + 2 + 32 + 1 + 1] = 0x60;  // cipher_suites: 96 bytes more than there are, were it not for what follows
  const Bytes flight = join({record(22, hello), record(21, from_hex("02 28"))});
  const Document document = dissect_records(flight);
  EXPECT_TRUE(says(document, "description: handshake_failure (40)"));
  EXPECT_FALSE(faults_of(document.nodes).empty());
  EXPECT_EQ(faults_of(document.nodes)[0].path, "TLSPlaintext.ClientHello.legacy_compression_methods.length");
}

TEST(dissect, says_of_record_and_message_that_the_input_ends_too_early_but_not_of_each_field_in_them) {
  const Document document = dissect_records(part_of(record(22, message("3", "ClientHello")), 0, 100));
  EXPECT_EQ(fault_lines(document), (Lines{"3 TLSPlaintext.length: 196 bytes announced, 95 bytes left",
                                          "6 TLSPlaintext.ClientHello.length: 192 bytes announced, 91 bytes left"}));
}

TEST(dissect, shows_a_message_that_is_cut_across_records_in_each_of_them) {
  const Bytes hello = message("3", "ClientHello");
  const Document document =
      dissect_records(join({record(22, part_of(hello, 0, 20)), record(22, part_of(hello, 20, hello.size()))}));
  EXPECT_EQ(fault_lines(document), Lines());
  ASSERT_EQ(document.nodes.size(), 2u);
  EXPECT_TRUE(says(document, "Handshake: ClientHello (goes on in a later record)"));
  EXPECT_TRUE(says(document, "random: (goes on in a later record)"));
  EXPECT_TRUE(says(document, "random: (continued)"));
  ASSERT_EQ(document.messages.size(), 1u);
  EXPECT_TRUE(document.messages[0].is_whole);
}

TEST(dissect, notes_a_record_between_the_fragments_of_a_message) {
  const Bytes hello = message("3", "ClientHello");
  const Document document = dissect_records(
      join({record(22, part_of(hello, 0, 20)), record(21, from_hex("0100")), record(22, part_of(hello, 20, hello.size()))}));
  EXPECT_EQ(fault_lines(document), Lines{"25 TLSPlaintext: between the fragments of a handshake message (RFC 9846 5.1)"});
}

TEST(dissect, shows_protected_records_as_encrypted_also_those_of_tls12) {
  const Bytes encrypted(20, 0xee);
  const Document tls13 = dissect_records(join({record(20, from_hex("01")), record(23, encrypted)}));
  EXPECT_EQ(tls13.nodes[1].fields.back().name, "encrypted_record");
  const Bytes server_hello_done = from_hex("0e000000");
  const Document tls12 =
      dissect_records(join({record(22, server_hello_done), record(20, from_hex("01")), record(22, encrypted)}));
  EXPECT_EQ(tls12.nodes[2].fields.back().name, "encrypted_record");
  EXPECT_EQ(fault_lines(tls12), Lines());
}

TEST(dissect, stops_at_what_is_not_tls_and_shows_it) {
  const Document document = dissect_records(bytes_of("GET / HTTP/1.1\r\n"));
  ASSERT_EQ(document.nodes.size(), 1u);
  EXPECT_EQ(document.nodes[0].value, "\"GET / HTTP/1.1\\x0d\\x0a\"");
  EXPECT_EQ(fault_lines(document), Lines{"0 not TLS: neither a content type nor a version of TLS"});
}

TEST(dissect, finds_extensions_that_stand_twice_or_where_they_may_not) {
  const Bytes twice = from_hex("08 00000a 0008 002a0000 002a0000");
  EXPECT_EQ(fault_lines(dissect_messages(twice)),
            Lines{"10 EncryptedExtensions.extensions.early_data: an extension of this type stood before (RFC 9846 4.3)"});
  const Bytes misplaced = from_hex("08 000009 0007 002c0003 000141");
  EXPECT_EQ(fault_lines(dissect_messages(misplaced)),
            Lines{"6 EncryptedExtensions.extensions.cookie: may not stand in this message (RFC 9846 4.3)"});
  // Also one that the core does not know.
  const Bytes filters_in_a_hello = from_hex("08 00000b 0009 00300005 0003000000");
  EXPECT_EQ(fault_lines(dissect_messages(filters_in_a_hello)).front(),
            "6 EncryptedExtensions.extensions.oid_filters: may not stand in this message (RFC 9846 4.3)");
  EXPECT_EQ(fault_lines(dissect_messages(from_hex("0d 00000f 00 000c 000d00040002 0403 00000000"))), Lines());
}

TEST(to_text, gives_offset_length_bytes_name_and_value_by_depth_and_the_remark_in_its_place) {
  const Bytes flight = join({record(21, from_hex("02 32")), record(20, from_hex("01"))});
  EXPECT_EQ(to_text(dissect_records(flight).nodes, flight, {{7, "here\n"}}),
            "offset length bytes                      field\n"
            "000000      7                           TLSPlaintext: alert\n"
            "000000      1 15                          type: alert (21)\n"
            "000001      2 03 03                       legacy_record_version: TLS 1.2 (0x0303)\n"
            "000003      2 00 02                       length: 2\n"
            "000005      1 02                          level: fatal (2)\n"
            "000006      1 32                          description: decode_error (50)\n"
            "here\n"
            "000007      6                           TLSPlaintext: change_cipher_spec\n"
            "000007      1 14                          type: change_cipher_spec (20)\n"
            "000008      2 03 03                       legacy_record_version: TLS 1.2 (0x0303)\n"
            "00000a      2 00 01                       length: 1\n"
            "00000c      1 01                          type: change_cipher_spec (1)\n");
}

TEST(dissect, reads_a_client_hello_of_dtls_with_its_cookie) {
  Bytes body = from_hex("fefd");
  body.resize(2 + 32);
  append(body, from_hex("01 aa  02 bbcc  0004 c02b c02f  01 00  0004 ffff 0000"));
  const Node hello = read_dtls_client_hello(body);
  EXPECT_TRUE(faults_of(hello.fields).empty());
  ASSERT_EQ(hello.fields.size(), 7u);
  EXPECT_EQ(hello.fields[3].name, "cookie");
  EXPECT_EQ(hello.fields[3].offset, 36u);
  EXPECT_EQ(hello.fields[3].size_bytes, 3u);
  body[36] = 200;
  EXPECT_EQ(faults_of(read_dtls_client_hello(body).fields)[0].path, "cookie.length");
}

TEST(outline, has_a_line_for_each_record) {
  const Bytes flight = join({record(22, message("3", "ServerHello")), record(23, Bytes(30))});
  EXPECT_EQ(outline(flight), (Lines{"handshake: ServerHello, 95 bytes", "application_data, 35 bytes"}));
}

}  // namespace
}  // namespace tocsin::dissect
