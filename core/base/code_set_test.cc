#include "core/base/code_set.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(CodeSet, each_code_is_new_once_however_many_there_are) {
  CodeSet seen;
  for (unsigned code = 0xffff; code != 0; --code) {
    const auto added = static_cast<std::uint16_t>(code);
    ASSERT_FALSE(seen.contains(added));
    ASSERT_TRUE(seen.add(added));
    ASSERT_FALSE(seen.add(added));
    ASSERT_TRUE(seen.contains(0xffff)) << "the first one, " << code << " being the last";
  }
  EXPECT_FALSE(seen.contains(0));
}

}  // namespace
}  // namespace tocsin
