#include "core/record/dtls/datagrams.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::record {
namespace {

using Sizes = std::vector<std::size_t>;

TEST(DatagramWriter, puts_records_together_as_long_as_they_fit) {
  DtlsSealer sealer = DtlsSealer::plaintext();
  Datagrams out;
  DatagramWriter writer(out, 100);
  EXPECT_EQ(writer.room_bytes(sealer), 87u);
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(37)));
  EXPECT_EQ(writer.room_bytes(sealer), 37u);
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(37)));
  EXPECT_EQ(writer.room_bytes(sealer), 0u);
  ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
  EXPECT_EQ(out.sizes_bytes, (Sizes{100, 15}));
  EXPECT_EQ(out.bytes.size(), 115u);
}

//= RFC 6347 4.1.1 //# Each DTLS record MUST fit within a single datagram.
TEST(DatagramWriter, one_byte_too_many_begins_the_next_datagram) {
  DtlsSealer sealer = DtlsSealer::plaintext();
  Datagrams out;
  DatagramWriter writer(out, 100);
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(37)));
  ASSERT_TRUE(writer.seal(sealer, ContentType::handshake, Bytes(38)));
  EXPECT_EQ(out.sizes_bytes, (Sizes{50, 51}));
}

TEST(DatagramWriter, never_continues_a_datagram_of_somebody_else_or_one_that_was_ended) {
  DtlsSealer sealer = DtlsSealer::plaintext();
  Datagrams out;
  for (int i = 0; i < 2; ++i) {
    DatagramWriter writer(out, 100);
    ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
    writer.begin_next();
    EXPECT_TRUE(writer.is_fresh());
    ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
  }
  EXPECT_EQ(out.sizes_bytes, (Sizes{15, 15, 15, 15}));
}

TEST(DatagramWriter, a_record_that_fits_nowhere_has_a_datagram_for_itself) {
  DtlsSealer sealer = DtlsSealer::plaintext();
  Datagrams out;
  DatagramWriter writer(out, 100);
  ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
  ASSERT_TRUE(writer.seal(sealer, ContentType::application_data, Bytes(1000)));
  EXPECT_EQ(writer.room_bytes(sealer), 0u);
  ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
  EXPECT_EQ(out.sizes_bytes, (Sizes{15, 1013, 15}));
}

TEST(DatagramWriter, a_record_that_fails_leaves_nothing_behind) {
  DtlsSealer sealer = DtlsSealer::plaintext(dtls_sequence_max);
  Datagrams out;
  DatagramWriter writer(out, 0);
  EXPECT_EQ(writer.room_bytes(sealer), datagram_bytes_min - dtls_header_bytes);
  ASSERT_TRUE(writer.seal(sealer, ContentType::alert, Bytes(2)));
  EXPECT_EQ(test::refusal_of(writer.seal(sealer, ContentType::alert, Bytes(2))), Reason::record_sequence_exhausted);
  EXPECT_EQ(out.sizes_bytes, Sizes{15});
  EXPECT_EQ(out.bytes.size(), 15u);
}

}  // namespace
}  // namespace tocsin::record
