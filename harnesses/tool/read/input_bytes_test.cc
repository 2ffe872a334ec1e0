#include "harnesses/tool/read/input_bytes.h"

#include <gtest/gtest.h>

#include "harnesses/tool/failure.h"

namespace tocsin::tool {
namespace {

// What from_hex complains of.
std::string complaint_about(std::string_view text) {
  try {
    static_cast<void>(from_hex(text));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(input_bytes, hex_may_have_spaces_colons_commas_and_prefixes) {
  const Bytes expected{0x16, 0x03, 0x0a};
  for (const std::string_view text : {"16030a", "16 03 0A\n", "16:03:0a", "0x16, 0x03, 0x0a", "\\x16\\x03\\x0a", " 1603 0a "}) {
    EXPECT_EQ(from_hex(text), expected) << text;
    EXPECT_TRUE(looks_like_hex(bytes_of(text))) << text;
  }
}

TEST(input_bytes, what_is_not_hex_is_named_with_its_offset) {
  EXPECT_EQ(complaint_about("16 0g"), "not hex: half a byte at offset 3");
  EXPECT_EQ(complaint_about("16 3"), "not hex: half a byte at offset 3");
  EXPECT_EQ(complaint_about("16 x"), "not hex: the character at offset 3 is no hex digit");
}

TEST(input_bytes, raw_bytes_do_not_look_like_hex) {
  for (const std::string_view text : {"\x16\x03\x01", "GET / HTTP/1.1", "", "\n", "160"})
    EXPECT_FALSE(looks_like_hex(bytes_of(text))) << text;
}

TEST(input_bytes, a_file_that_cannot_be_read_is_named) {
  for (const std::string path : {"no-such-file", "."}) {
    try {
      static_cast<void>(read_input(path));
      ADD_FAILURE() << path << " was read";
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find("cannot read " + path), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace tocsin::tool
