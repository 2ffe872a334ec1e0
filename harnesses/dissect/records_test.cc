#include "harnesses/dissect/records.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/testing.h"

namespace tocsin::dissect {
namespace {

using test::from_hex;

TEST(records, are_the_same_in_whatever_pieces_they_come) {
  const Bytes bytes = from_hex("16 0301 0002 0100  15 0303 0002 015a  16 0303 0000  16 0303 0003 000000  16 0303 0009 00");
  const auto lengths_of = [&](std::size_t piece_bytes) {
    std::vector<std::size_t> lengths;
    RecordStream stream;
    for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
      stream.add(ByteView(bytes).subspan(at, std::min(piece_bytes, bytes.size() - at)));
      stream.each([&](const RecordView& record) {
        if (record.type == ContentType::handshake) lengths.push_back(record.fragment.size());
      });
    }
    return lengths;
  };
  for (const std::size_t piece_bytes : {1u, 2u, 3u, 5u, 100u})
    EXPECT_EQ(lengths_of(piece_bytes), (std::vector<std::size_t>{2, 0, 3})) << piece_bytes;
}

TEST(records, are_taken_with_their_header_and_only_whole) {
  const Bytes bytes = from_hex("17 0303 0001 ff  15 0303 0002 01");
  ByteView rest = bytes;
  const auto record = take_record(rest);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->version, 0x0303);
  EXPECT_EQ(record->bytes.size(), 6u);
  EXPECT_FALSE(record->holds_two_byte_alert());
  EXPECT_FALSE(take_record(rest));
  EXPECT_EQ(rest.size(), 6u);
  EXPECT_EQ(read_record_header(rest)->length_bytes, 2u);
  EXPECT_FALSE(read_record_header(rest.first(4)));
}

TEST(records, of_dtls_may_be_cut_off_and_so_may_their_fragments) {
  Bytes bytes = from_hex("16 fefd 0002 000100000003 001a 01 000004 0007 000000 000000  0b 000004 0008 000001 000002 abcd");
  ByteView rest = bytes;
  auto record = take_dtls_record(rest);
  ASSERT_TRUE(record && rest.empty());
  EXPECT_EQ(record->epoch, 2u);
  EXPECT_EQ(record->sequence, 0x100000003u);
  EXPECT_TRUE(record->is_whole());
  const auto fragments = fragments_of(*record);
  ASSERT_EQ(fragments.size(), 2u);
  EXPECT_EQ(fragments[1].type, HandshakeType::certificate);
  EXPECT_EQ(fragments[1].message_seq, 8u);
  EXPECT_EQ(fragments[1].offset_bytes, 1u);
  EXPECT_EQ(fragments[1].body.size(), 2u);
  EXPECT_TRUE(fragments[1].is_whole() && !fragments[1].is_whole_message());

  rest = ByteView(bytes).first(bytes.size() - 1);
  record = take_dtls_record(rest);
  EXPECT_FALSE(record->is_whole());
  EXPECT_FALSE(fragments_of(*record).back().is_whole());
  rest = ByteView(bytes).first(13 + 12 + 5);
  record = take_dtls_record(rest);
  EXPECT_FALSE(fragments_of(*record).back().is_header_whole);
  rest = ByteView(bytes).first(12);
  EXPECT_FALSE(take_dtls_record(rest));
}

TEST(records, of_dtls_with_a_connection_id_are_read_by_whoever_knows_how_long_it_is) {
  const Bytes bytes = from_hex("19 fefd 0001 000000000002 aabbcc 0002 0102");
  ByteView rest = bytes;
  const auto record = take_dtls_record(rest, 3);
  ASSERT_TRUE(record && rest.empty());
  EXPECT_EQ(Bytes(record->connection_id.begin(), record->connection_id.end()), from_hex("aabbcc"));
  EXPECT_EQ(Bytes(record->fragment.begin(), record->fragment.end()), from_hex("0102"));
  rest = bytes;
  EXPECT_EQ(take_dtls_record(rest)->length_bytes, 0xaabbu);
  rest = ByteView(bytes).first(15);
  EXPECT_FALSE(take_dtls_record(rest, 3));
}

}  // namespace
}  // namespace tocsin::dissect
