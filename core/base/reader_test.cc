#include "core/base/reader.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin {
namespace {

using test::copy_of;
using test::from_hex;

TEST(Reader, integers_are_read_in_network_order) {
  const Bytes bytes = from_hex("01 0203 040506 0708090a");
  Reader reader(bytes);
  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u24(), 0x040506u);
  EXPECT_EQ(reader.u32(), 0x0708090au);
  EXPECT_TRUE(reader.done());
}

TEST(Reader, a_vector_is_what_its_length_says) {
  const Bytes bytes = from_hex("02aabb 0001cc 000000");
  Reader reader(bytes);
  EXPECT_EQ(copy_of(reader.vector8()), from_hex("aabb"));
  EXPECT_EQ(copy_of(reader.vector16()), from_hex("cc"));
  EXPECT_TRUE(reader.vector24().empty());
  EXPECT_TRUE(reader.done());
}

TEST(Reader, an_integer_that_does_not_fit_fails_and_is_zero) {
  const Bytes bytes = from_hex("ffffff");
  Reader reader(bytes);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_TRUE(reader.failed());
  EXPECT_FALSE(reader.done());
}

TEST(Reader, a_vector_longer_than_the_input_fails_and_is_empty) {
  const Bytes bytes = from_hex("03aabb");
  Reader reader(bytes);
  EXPECT_TRUE(reader.vector8().empty());
  EXPECT_TRUE(reader.failed());
}

TEST(Reader, a_vector_outside_its_range_fails) {
  const Bytes bytes = from_hex("02aabb");
  Reader at_the_floor(bytes), below_the_floor(bytes), at_the_ceiling(bytes), above_the_ceiling(bytes);
  EXPECT_EQ(at_the_floor.vector8(2).size(), 2u);
  EXPECT_TRUE(below_the_floor.vector8(3).empty());
  EXPECT_TRUE(below_the_floor.failed());
  EXPECT_EQ(at_the_ceiling.vector8(0, 2).size(), 2u);
  EXPECT_TRUE(above_the_ceiling.vector8(0, 1).empty());
  EXPECT_TRUE(above_the_ceiling.failed());
}

TEST(Reader, a_failed_reader_gives_zeros_and_empty_views_for_good) {
  const Bytes bytes = from_hex("0102030405");
  Reader reader(bytes);
  reader.fail();
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_TRUE(reader.vector8().empty());
  EXPECT_TRUE(reader.empty());
  EXPECT_TRUE(reader.take(0).empty());
  EXPECT_FALSE(reader.done());
}

TEST(Reader, what_is_left_over_is_not_done) {
  const Bytes bytes = from_hex("0102");
  Reader reader(bytes);
  reader.u8();
  EXPECT_FALSE(reader.failed());
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.size(), 1u);
}

TEST(Reader, require_fails_only_where_the_condition_is_broken) {
  Reader reader(ByteView{});
  reader.require(true);
  EXPECT_TRUE(reader.done());
  reader.require(false);
  EXPECT_FALSE(reader.done());
}

}  // namespace
}  // namespace tocsin
