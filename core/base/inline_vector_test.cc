#include "core/base/inline_vector.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

using Few = InlineVector<std::unique_ptr<std::string>, 3>;

std::string joined(const Few& few) {
  std::string text;
  for (const auto& element : few) text += *element;
  return text;
}

TEST(InlineVector, holds_what_was_added_in_order_below_at_and_beyond_its_own_room) {
  Few few;
  EXPECT_TRUE(few.empty());
  std::string expected;
  for (std::size_t i = 0; i < 10; ++i) {
    const std::string element(30, static_cast<char>('a' + i));  // of its own on the heap, so that a sanitizer sees it leak
    EXPECT_EQ(*few.emplace_back(std::make_unique<std::string>(element)), element);
    expected += element;
    EXPECT_EQ(few.size(), i + 1);
    EXPECT_EQ(joined(few), expected);
  }
  EXPECT_FALSE(few.empty());
}

}  // namespace
}  // namespace tocsin
