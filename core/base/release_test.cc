#include "core/base/release.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Release, leaves_no_room_behind) {
  std::vector<int> list(100);
  release(list);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.capacity(), 0u);
}

}  // namespace
}  // namespace tocsin
