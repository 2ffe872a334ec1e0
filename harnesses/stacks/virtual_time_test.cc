#include "harnesses/stacks/virtual_time.h"

#include <gtest/gtest.h>
#include <sys/time.h>

#include <ctime>

namespace tocsin::stacks {
namespace {

std::chrono::microseconds time_of_day() {
  timeval now{};
  EXPECT_EQ(gettimeofday(&now, nullptr), 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::microseconds(now.tv_usec);
}

TEST(virtual_time, is_what_gettimeofday_gives_while_it_is_used) {
  const UseTime outer(std::chrono::microseconds(1'234'567));
  EXPECT_EQ(time_of_day(), std::chrono::microseconds(1'234'567));
  {
    const UseTime inner(std::chrono::seconds(9));
    EXPECT_EQ(time_of_day(), std::chrono::seconds(9));
  }
  EXPECT_EQ(time_of_day(), std::chrono::microseconds(1'234'567));
}

TEST(virtual_time, is_the_real_one_otherwise) {
  EXPECT_NEAR(static_cast<double>(time_of_day().count()) / 1e6, static_cast<double>(std::time(nullptr)), 2);
}

}  // namespace
}  // namespace tocsin::stacks
