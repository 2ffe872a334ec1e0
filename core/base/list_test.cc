#include "core/base/list.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"
#include "tocsin/algorithms.h"

namespace tocsin {
namespace {

using test::from_hex;

struct NameCodec {
  using Element = ByteView;
  static ByteView read(Reader& reader) { return reader.vector8(1); }
};
using Names = ListView<NameCodec>;

TEST(ListView, its_elements_come_in_order) {
  const Bytes wire = from_hex("001d 0017 0018");
  std::vector<NamedGroup> groups;
  for (const NamedGroup group : CodeList<NamedGroup>(wire)) groups.push_back(group);
  EXPECT_EQ(groups, (std::vector{NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1}));
}

TEST(ListView, elements_may_differ_in_length) {
  const Bytes wire = from_hex("0161 03626364");
  std::vector<std::string> names;
  for (const ByteView name : Names(wire)) names.emplace_back(text_of(name));
  EXPECT_EQ(names, (std::vector<std::string>{"a", "bcd"}));
}

TEST(ListView, an_empty_list_is_valid_and_has_no_elements) {
  EXPECT_TRUE(Names::is_valid({}));
  EXPECT_TRUE(Names().empty());
  EXPECT_EQ(Names().begin(), Names().end());
}

TEST(ListView, contains_finds_the_first_the_last_and_no_other) {
  const Bytes wire = from_hex("001d 0017");
  const CodeList<NamedGroup> groups(wire);
  EXPECT_TRUE(groups.contains(NamedGroup::x25519));
  EXPECT_TRUE(groups.contains(NamedGroup::secp256r1));
  EXPECT_FALSE(groups.contains(NamedGroup::secp384r1));
  EXPECT_FALSE(groups.contains(static_cast<NamedGroup>(0x1d00)));  // nor what straddles two elements
}

TEST(ListView, a_list_with_half_an_element_is_not_valid) {
  EXPECT_FALSE(CodeList<NamedGroup>::is_valid(from_hex("001d00")));
  EXPECT_FALSE(Names::is_valid(from_hex("0161 02")));
  EXPECT_FALSE(Names::is_valid(from_hex("0161 0262")));
}

TEST(ListView, a_list_with_an_element_outside_its_range_is_not_valid) { EXPECT_FALSE(Names::is_valid(from_hex("0161 00"))); }

}  // namespace
}  // namespace tocsin
