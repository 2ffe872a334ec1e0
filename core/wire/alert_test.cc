#include "core/wire/alert.h"

#include <gtest/gtest.h>

#include "core/base/testing.h"

namespace tocsin::wire {
namespace {

TEST(Alert, every_pair_of_bytes_is_decoded_as_it_came_and_encoded_again) {
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    const std::array<std::uint8_t, 2> content = {static_cast<std::uint8_t>(pair >> 8), static_cast<std::uint8_t>(pair)};
    const auto alert = decode_alert(content);
    ASSERT_TRUE(alert);
    ASSERT_EQ(static_cast<unsigned>(alert->level), content[0]);
    ASSERT_EQ(static_cast<unsigned>(alert->description), content[1]);
    ASSERT_EQ(encode(*alert), content);
  }
}

//= RFC 9846 5.1 //# In other words, a record with an Alert type MUST contain exactly one message.
TEST(Alert, any_other_length_is_malformed) {
  for (const std::size_t size : {0u, 1u, 3u, 4u})
    EXPECT_EQ(test::refusal_of(decode_alert(Bytes(size))), Reason::alert_malformed);
}

}  // namespace
}  // namespace tocsin::wire
