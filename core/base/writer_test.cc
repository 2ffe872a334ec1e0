#include "core/base/writer.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin {
namespace {

using test::from_hex;

TEST(Writer, integers_are_written_in_network_order) {
  Bytes out;
  Writer writer(out);
  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u24(0x040506);
  writer.u32(0x0708090a);
  EXPECT_EQ(out, from_hex("0102030405060708090a"));
}

TEST(Writer, it_appends_to_what_is_there) {
  Bytes out = from_hex("ff");
  Writer(out).bytes(from_hex("0102"));
  EXPECT_EQ(out, from_hex("ff0102"));
}

TEST(Writer, a_vector_stands_behind_its_length) {
  Bytes out;
  Writer writer(out);
  writer.vector8(from_hex("aabb"));
  writer.vector16(from_hex("cc"));
  writer.vector24({});
  EXPECT_EQ(out, from_hex("02aabb 0001cc 000000"));
}

TEST(Writer, lengths_nest) {
  Bytes out;
  Writer writer(out);
  writer.with_length(2, [&] {
    writer.u8(1);
    writer.with_length(1, [&] { writer.u16(0x0203); });
  });
  EXPECT_EQ(out, from_hex("0004 01 02 0203"));
  EXPECT_FALSE(writer.overflowed());
}

TEST(Writer, the_longest_body_of_a_length_fits_and_one_byte_more_overflows) {
  Bytes out;
  Writer writer(out);
  writer.vector8(Bytes(255));
  EXPECT_FALSE(writer.overflowed());
  writer.vector8(Bytes(256));
  EXPECT_TRUE(writer.overflowed());
}

TEST(Writer, an_overflow_is_remembered) {
  Bytes out;
  Writer writer(out);
  writer.vector8(Bytes(256));
  writer.vector8(Bytes(1));
  EXPECT_TRUE(writer.overflowed());
}

}  // namespace
}  // namespace tocsin
