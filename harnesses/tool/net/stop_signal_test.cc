#include "harnesses/tool/net/stop_signal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {
namespace {

class EachSignal : public testing::TestWithParam<int> {
 protected:
  // A shell starts what runs in the background with SIGINT ignored.
  void SetUp() override { before_ = std::signal(GetParam(), SIG_DFL); }
  void TearDown() override { std::signal(GetParam(), before_); }

 private:
  void (*before_)(int) = SIG_DFL;
};
INSTANTIATE_TEST_SUITE_P(stop_signal, EachSignal, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST_P(EachSignal, is_noticed_although_something_is_always_ready) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reading(ends[0]), writing(ends[1]);
  const StopSignal stop;
  std::vector<pollfd> polled{{writing.get(), POLLOUT, 0}};
  stop.poll(polled, std::nullopt);
  EXPECT_FALSE(stop.was_received());
  raise(GetParam());
  stop.poll(polled, std::nullopt);
  EXPECT_TRUE(stop.was_received());
}

TEST_P(EachSignal, stays_ignored_if_it_was) {
  const auto before = std::signal(GetParam(), SIG_IGN);
  {
    const StopSignal stop;
    raise(GetParam());
    std::vector<pollfd> polled;
    stop.poll(polled, std::chrono::steady_clock::now());
    EXPECT_FALSE(stop.was_received());
  }
  std::signal(GetParam(), before);
}

}  // namespace
}  // namespace tocsin::tool
