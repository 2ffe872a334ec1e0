#include "harnesses/link/pattern.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin::link {
namespace {

TEST(pattern, every_one_is_made_once_and_in_order) {
  std::set<std::string> all;
  std::string last;
  for (std::uint64_t number = 0; number < number_of_patterns(4); ++number) {
    const std::string letters = letters_of(pattern_of(number, 4));
    EXPECT_LT(last, letters);
    all.insert(last = letters);
  }
  EXPECT_EQ(all.size(), 256u);
  EXPECT_EQ(*all.begin(), "dddd");
}

TEST(pattern, letters_give_it_back) {
  EXPECT_EQ(parse_pattern("dlrs"), (Pattern{Action::deliver, Action::drop, Action::duplicate, Action::swap}));
  EXPECT_EQ(letters_of(*parse_pattern("srld")), "srld");
  EXPECT_EQ(parse_pattern("dx"), std::nullopt);
}

}  // namespace
}  // namespace tocsin::link
