#include "core/wire/finished.h"

#include <gtest/gtest.h>

#include "core/wire/testing.h"

namespace tocsin::wire {
namespace {

TEST(Finished, its_verify_data_is_the_whole_body_whatever_its_length) {
  for (const std::size_t size : {0u, 1u, 32u, 48u, 300u}) {
    const Bytes verify_data(size, 0x5a);
    const Bytes message = test::encoded(Finished{verify_data});
    const auto decoded = decode_finished(test::body_of(message));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(test::copy_of(decoded->verify_data), verify_data);
  }
}

TEST(Finished, it_is_written_behind_its_header) {
  EXPECT_EQ(test::encoded(Finished{test::from_hex("aabb")}), test::from_hex("14 000002 aabb"));
}

}  // namespace
}  // namespace tocsin::wire
