#include "core/base/append_sparingly.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(AppendSparingly, little_more_is_held_than_was_added_and_the_bytes_are_seldom_moved) {
  Bytes held;
  std::size_t moves = 0;
  for (std::size_t size = 0; size < 131396; ++size) {
    const std::size_t room_bytes = held.capacity();
    append_sparingly(held, Bytes{static_cast<std::uint8_t>(size)}, 16384);
    if (held.capacity() != room_bytes) ++moves;
    ASSERT_LE(held.capacity(), held.size() + 16384);
    ASSERT_EQ(held.back(), static_cast<std::uint8_t>(size));
  }
  EXPECT_LT(moves, 30u);
}

}  // namespace
}  // namespace tocsin
