#include <gtest/gtest.h>

#include <new>

#include "core/base/testing.h"
#include "tocsin/provider.h"

namespace tocsin {
namespace {

TEST(Secret, holds_a_copy_of_what_it_was_given) {
  Bytes bytes = test::from_hex("0102030405");
  const Secret secret((ByteView(bytes)));
  bytes[0] = 9;
  EXPECT_EQ(test::to_hex(secret), "0102030405");
}

TEST(Secret, of_a_size_is_zeros) { EXPECT_EQ(test::to_hex(Secret(std::size_t{3})), "000000"); }

TEST(Secret, leaves_nothing_behind) {
  alignas(Secret) std::array<std::uint8_t, sizeof(Secret)> memory{};
  Secret* secret = new (memory.data()) Secret(ByteView(Bytes(Secret::bytes_max, 0xa5)));
  secret->~Secret();
  const volatile std::uint8_t* left = memory.data();
  for (std::size_t i = 0; i < memory.size(); ++i) EXPECT_NE(left[i], 0xa5) << i;
}

TEST(SecretDeathTest, refuses_more_than_it_can_hold) { EXPECT_DEATH(Secret(std::size_t{Secret::bytes_max + 1}), ""); }

}  // namespace
}  // namespace tocsin
