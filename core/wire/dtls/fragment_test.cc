#include "core/wire/dtls/fragment.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::wire {
namespace {

using test::copy_of;
using test::from_hex;
using test::join;

std::optional<DiscardReason> refusal_of(const Bytes& record) {
  Reader reader(record);
  const auto fragment = read_fragment(reader);
  EXPECT_EQ(reader.failed(), !fragment);
  return fragment ? std::nullopt : std::optional(fragment.error().why);
}

TEST(Fragment, the_header_is_laid_out_as_in_rfc_6347) {
  const auto bytes = make_fragment_header({HandshakeType::certificate, 0x010203, 0x0405, 0x060708, 0x090a0b});
  EXPECT_EQ(Bytes(bytes.begin(), bytes.end()), from_hex("0b 010203 0405 060708 090a0b"));
}

TEST(Fragment, several_of_one_record_are_read_one_after_the_other) {
  const Bytes record = from_hex("01 000003 0007 000001 000002 aabb  0e 000000 0008 000000 000000");
  Reader reader(record);
  const auto first = read_fragment(reader), second = read_fragment(reader);
  ASSERT_TRUE(first && second && reader.done());
  EXPECT_EQ(first->header.type, HandshakeType::client_hello);
  EXPECT_EQ(first->header.length_bytes, 3u);
  EXPECT_EQ(first->header.message_seq, 7);
  EXPECT_EQ(first->header.fragment_offset_bytes, 1u);
  EXPECT_EQ(first->header.fragment_length_bytes, 2u);
  EXPECT_EQ(copy_of(first->body), from_hex("aabb"));
  EXPECT_EQ(second->header.message_seq, 8);
  EXPECT_TRUE(second->body.empty());
}

TEST(Fragment, one_that_its_record_does_not_hold_is_malformed_wherever_it_ends) {
  const Bytes whole = from_hex("01 000003 0007 000001 000002 aabb");
  EXPECT_FALSE(refusal_of(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refusal_of(copy_of(ByteView(whole).first(size))), DiscardReason::fragment_malformed) << size;
}

TEST(Fragment, one_that_reaches_beyond_its_message_is_discarded) {
  EXPECT_FALSE(refusal_of(from_hex("01 000003 0000 000003 000000")));
  EXPECT_EQ(refusal_of(from_hex("01 000003 0000 000002 000002 aabb")), DiscardReason::fragment_beyond_message);
  EXPECT_EQ(refusal_of(from_hex("01 000003 0000 ffffff 000000")), DiscardReason::fragment_beyond_message);
}

TEST(Fragment, the_transcripts_header_is_that_of_one_fragment) {
  const auto bytes = whole_fragment_header(from_hex("14 000002 aabb"), 0x0102);
  EXPECT_EQ(Bytes(bytes.begin(), bytes.end()), from_hex("14 000002 0102 000000 000002"));
}

}  // namespace
}  // namespace tocsin::wire
