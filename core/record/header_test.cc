#include "core/record/header.h"

#include <gtest/gtest.h>

namespace tocsin::record {
namespace {

using HeaderBytes = std::array<std::uint8_t, header_bytes>;

Result<Header> parse(const HeaderBytes& bytes, std::size_t fragment_bytes_max = plaintext_bytes_max) {
  return parse_header(bytes, fragment_bytes_max);
}

Reason refusal_of(const HeaderBytes& bytes, std::size_t fragment_bytes_max = plaintext_bytes_max) {
  const auto header = parse(bytes, fragment_bytes_max);
  EXPECT_FALSE(header);
  return header ? Reason::invariant_broken : header.error().why;
}

TEST(RecordHeader, what_make_header_makes_parse_header_reads) {
  for (const auto type :
       {ContentType::change_cipher_spec, ContentType::alert, ContentType::handshake, ContentType::application_data}) {
    for (const std::size_t length_bytes : {std::size_t{0}, std::size_t{1}, std::size_t{0x0123}, plaintext_bytes_max}) {
      const auto header = parse(make_header(type, 0x0301, length_bytes));
      ASSERT_TRUE(header);
      EXPECT_EQ(header->type, type);
      EXPECT_EQ(header->legacy_record_version, 0x0301);
      EXPECT_EQ(header->length_bytes, length_bytes);
    }
  }
}

TEST(RecordHeader, make_header_writes_type_version_and_length_in_network_order) {
  EXPECT_EQ(make_header(ContentType::application_data, 0x0303, 0x02a2), (HeaderBytes{0x17, 3, 3, 2, 0xa2}));  // RFC 8448 3
}

//= RFC 9846 5 //# it MUST terminate the connection with an "unexpected_message" alert.
//= RFC 9846 E.5 //# Implementations MUST NOT negotiate TLS 1.3 or later using an SSL version 2.0 compatible
TEST(RecordHeader, parse_header_refuses_every_unknown_type) {
  for (int type = 0; type < 256; ++type) {
    const HeaderBytes bytes{static_cast<std::uint8_t>(type), 3, 3, 0, 1};
    if (type >= 20 && type <= 23) {
      EXPECT_TRUE(parse(bytes));
    } else {
      EXPECT_EQ(refusal_of(bytes), Reason::record_type_unknown);
    }
  }
}

//= RFC 9846 5.1 //# This field is deprecated and MUST be ignored for all purposes.
//= RFC 9846 E //# The value of TLSPlaintext.legacy_record_version MUST be ignored by all implementations.
//= RFC 9846 E.2 //# but its value MUST always be ignored.
TEST(RecordHeader, parse_header_refuses_only_a_version_below_that_of_ssl3) {
  for (unsigned version = 0; version < 0x10000; ++version) {
    const HeaderBytes bytes{22, static_cast<std::uint8_t>(version >> 8), static_cast<std::uint8_t>(version), 0, 1};
    if (version >= 0x0300) {
      ASSERT_TRUE(parse(bytes)) << version;
    } else {
      ASSERT_EQ(refusal_of(bytes), Reason::record_version_wrong) << version;
    }
  }
}

//= RFC 9846 5.1 //# that receives a record that exceeds this length MUST terminate the connection with a
//= RFC 9846 5.2 //# that receives a record that exceeds this length MUST terminate the connection with a
//= RFC 9846 5.2 //# An endpoint that receives a record from its peer with TLSCiphertext.length larger than 2^14 + 256 octets MUST terminate the connection with a "record_overflow" alert.
TEST(RecordHeader, parse_header_refuses_a_length_beyond_the_limit_only) {
  EXPECT_TRUE(parse({22, 3, 3, 0x40, 0}));
  EXPECT_EQ(refusal_of({22, 3, 3, 0x40, 1}), Reason::record_overflow);
  EXPECT_TRUE(parse({23, 3, 3, 0x41, 0}, ciphertext_bytes_max));
  EXPECT_EQ(refusal_of({23, 3, 3, 0x41, 1}, ciphertext_bytes_max), Reason::record_overflow);
  EXPECT_EQ(refusal_of({23, 3, 3, 0xff, 0xff}, ciphertext_bytes_max), Reason::record_overflow);
}

TEST(RecordHeader, parse_header_names_the_type_first_then_the_version_then_the_length) {
  EXPECT_EQ(refusal_of({0x47, 0x45, 0x54, 0xff, 0xff}), Reason::record_type_unknown);  // "GET"
  EXPECT_EQ(refusal_of({22, 2, 0, 0xff, 0xff}), Reason::record_version_wrong);
}

}  // namespace
}  // namespace tocsin::record
