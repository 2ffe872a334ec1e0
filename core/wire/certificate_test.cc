#include "core/wire/certificate.h"

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

std::optional<Reason> refusal_of_entry_with(const Bytes& extensions) {
  const Bytes entry = join({from_hex("000001 aa"), behind_length16(extensions)});
  Bytes body;
  Writer writer(body);
  writer.vector8({});
  writer.vector24(entry);
  return refusal_of(decode_certificate(body));
}

TEST(Certificate, an_encoded_chain_is_decoded_again) {
  const std::vector<Bytes> chain = {from_hex("aabb"), from_hex("cc")};
  Bytes message;
  Writer writer(message);
  encode_certificate(from_hex("07"), chain, writer);
  EXPECT_EQ(message, from_hex("0b 000012 01 07 00000d 000002 aabb 0000 000001 cc 0000"));

  const auto decoded = decode_certificate(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->certificate_request_context), from_hex("07"));
  std::vector<Bytes> again;
  for (const CertificateEntry& entry : decoded->certificate_list) {
    again.push_back(copy_of(entry.cert_data));
    EXPECT_TRUE(entry.extensions.empty());
  }
  EXPECT_EQ(again, chain);
  EXPECT_EQ(encoded(*decoded), message);
}

TEST(Certificate, an_empty_list_decodes) {
  const Bytes body = from_hex("00 000000");
  const auto decoded = decode_certificate(body);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->certificate_list.empty());
}

TEST(Certificate, what_is_cut_short_empty_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "00", "01 000000", "00 000001", "00 000005 000000 0000", "00 000006 000002 aa 0000",
                                      "00 000004 000001 aa", "00 000007 000001 aa 0000 00", "00 000006 000001 aa 0000 00"})
    EXPECT_EQ(refusal_of(decode_certificate(from_hex(body))), Reason::message_malformed) << body;
}

TEST(Certificate, no_extension_may_stand_in_an_entry_since_none_was_asked_for) {
  EXPECT_EQ(refusal_of_entry_with({}), std::nullopt);
  EXPECT_EQ(refusal_of_entry_with(extension(5, "01 000001 aa")), Reason::extension_unsolicited);  // status_request
  EXPECT_EQ(refusal_of_entry_with(extension(ExtensionType::server_name, "")), Reason::extension_misplaced);
  EXPECT_EQ(refusal_of_entry_with(from_hex("0005 0001")), Reason::extension_malformed);
}

TEST(Certificate, the_extensions_of_every_entry_are_checked) {
  const Bytes good = from_hex("000001 aa 0000"), bad = join({from_hex("000001 aa"), behind_length16(extension(5, ""))});
  Bytes body;
  Writer writer(body);
  writer.vector8({});
  writer.vector24(join({good, bad}));
  EXPECT_EQ(refusal_of(decode_certificate(body)), Reason::extension_unsolicited);
}

TEST(CertificateRequest, every_field_of_an_encoded_message_is_decoded_again) {
  const Bytes context = from_hex("0102"), schemes = from_hex("0403 0804"), schemes_cert = from_hex("0401");
  CertificateRequest request;
  request.certificate_request_context = context;
  request.signature_algorithms = CodeList<SignatureScheme>(schemes);
  request.signature_algorithms_cert = CodeList<SignatureScheme>(schemes_cert);

  const Bytes message = encoded(request);
  const auto decoded = decode_certificate_request(body_of(message));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->certificate_request_context), context);
  EXPECT_EQ(copy_of(decoded->signature_algorithms.value().wire()), schemes);
  EXPECT_EQ(copy_of(decoded->signature_algorithms_cert.value().wire()), schemes_cert);
  EXPECT_EQ(encoded(*decoded), message);
}

//= RFC 9846 4.4.2 //# Clients MUST ignore unrecognized extensions.
//= RFC 9846 9.3 //# In TLS 1.3, a client receiving a CertificateRequest or NewSessionTicket MUST also ignore all unrecognized extensions.
TEST(CertificateRequest, unknown_extensions_pass_and_misplaced_ones_do_not) {
  const auto refusal = [](const Bytes& extensions) {
    return refusal_of(decode_certificate_request(join({from_hex("00"), behind_length16(extensions)})));
  };
  EXPECT_EQ(refusal(extension(47, "0000")), std::nullopt);  // certificate_authorities
  EXPECT_EQ(refusal(extension(ExtensionType::supported_groups, "0002001d")), Reason::extension_misplaced);
  EXPECT_EQ(refusal(extension(ExtensionType::signature_algorithms, "0000")), Reason::extension_malformed);
}

// RFC 9846 4.3 lets it stand there, and no RFC says what it holds.
TEST(CertificateRequest, server_name_is_passed_over_whatever_it_holds) {
  for (const std::string_view body : {"", "00", "0004 00 0001 61"}) {
    const Bytes extensions =
        join({extension(ExtensionType::server_name, body), extension(ExtensionType::signature_algorithms, "0002 0403")});
    const Bytes request = join({from_hex("00"), behind_length16(extensions)});
    const auto decoded = decode_certificate_request(request);
    ASSERT_TRUE(decoded) << body;
    EXPECT_EQ(copy_of(decoded->signature_algorithms.value().wire()), from_hex("0403"));
  }
}

TEST(CertificateRequest, what_is_cut_short_or_too_long_is_malformed) {
  for (const std::string_view body : {"", "00", "0000", "01 0000", "00 0001", "00 0000 00"})
    EXPECT_EQ(refusal_of(decode_certificate_request(from_hex(body))), Reason::message_malformed) << body;
}

}  // namespace
}  // namespace tocsin::wire
