#include "harnesses/tool/net/diagnostics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {
namespace {

// As main() does: a reader that has gone is an error of one write.
const auto pipes_break_quietly = signal(SIGPIPE, SIG_IGN);

constexpr std::size_t pipe_bytes = 8192;

/// A pipe that holds two pages. Only the end that the test reads does not block.
class DiagnosticsOnAPipe : public testing::Test {
 protected:
  DiagnosticsOnAPipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    reading_ = Descriptor(ends[0]);
    writing_ = Descriptor(ends[1]);
    EXPECT_EQ(fcntl(reading_.get(), F_SETFL, O_NONBLOCK), 0);
    EXPECT_EQ(fcntl(writing_.get(), F_SETPIPE_SZ, pipe_bytes), static_cast<int>(pipe_bytes));
  }

  void fill() {
    const Bytes all(pipe_bytes, '.');
    ASSERT_EQ(write_some(writing_.get(), all).bytes, pipe_bytes);
  }

  std::string read() {
    Bytes all(2 * pipe_bytes);
    all.resize(read_some(reading_.get(), all).bytes);
    return std::string(text_of(all));
  }

  void close_reading() { reading_ = {}; }
  int fd() const { return writing_.get(); }

 private:
  Descriptor reading_, writing_;
};

TEST_F(DiagnosticsOnAPipe, arrive_line_by_line) {
  Diagnostics said(fd());
  said.say("one");
  said.say("two");
  EXPECT_EQ(read(), "one\ntwo\n");
  EXPECT_EQ(said.dropped(), 0u);
}

TEST_F(DiagnosticsOnAPipe, are_dropped_while_it_is_full_and_then_counted) {
  Diagnostics said(fd());
  fill();
  said.say("one");
  said.say("two");
  EXPECT_EQ(said.dropped(), 2u);
  EXPECT_EQ(read(), std::string(pipe_bytes, '.'));
  said.say("three");
  said.say("four");
  EXPECT_EQ(read(), "tocsin: 2 lines were dropped here, as standard error took no more\nthree\nfour\n");
  fill();
  said.say("five");
  EXPECT_EQ(read(), std::string(pipe_bytes, '.'));
  said.say("six");
  EXPECT_EQ(read(), "tocsin: 1 line was dropped here, as standard error took no more\nsix\n") << "each is told of once";
  EXPECT_EQ(said.dropped(), 3u);
}

TEST_F(DiagnosticsOnAPipe, come_with_their_count_even_if_there_is_room_for_one_write) {
  EXPECT_GT(fcntl(fd(), F_SETPIPE_SZ, 1), 0);  // a page
  Diagnostics said(fd());
  while (said.dropped() == 0) said.say("one");
  read();
  said.say("two");
  EXPECT_EQ(read(), "tocsin: 1 line was dropped here, as standard error took no more\ntwo\n");
}

TEST_F(DiagnosticsOnAPipe, arrive_whole_or_not_at_all) {
  Diagnostics said(fd());
  const std::string line(300, 'a');
  while (said.dropped() == 0) said.say(line);
  const std::string all = read();
  EXPECT_GT(all.size(), pipe_bytes / 2);
  EXPECT_EQ(all.size() % (line.size() + 1), 0u);
}

TEST_F(DiagnosticsOnAPipe, that_are_long_arrive_as_far_as_there_is_room) {
  Diagnostics said(fd());
  const std::string fitting(pipe_bytes - 1, 'a'), too_long(pipe_bytes, 'b');
  said.say(fitting);
  EXPECT_EQ(read(), fitting + "\n");
  EXPECT_EQ(said.dropped(), 0u);
  said.say(too_long);
  said.say("lost");
  EXPECT_EQ(read(), too_long);
  said.say("next");
  EXPECT_EQ(read(), "\ntocsin: 2 lines were dropped here, as standard error took no more\nnext\n");
}

TEST_F(DiagnosticsOnAPipe, give_the_reader_time_for_the_last_line) {
  Diagnostics said(fd());
  fill();
  said.say("dropped");
  std::thread reader([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(read(), std::string(pipe_bytes, '.'));
  });
  said.say_last("the last");
  reader.join();
  EXPECT_EQ(read(), "tocsin: 1 line was dropped here, as standard error took no more\nthe last\n");
}

TEST_F(DiagnosticsOnAPipe, do_not_wait_for_ever_for_a_reader_of_the_last_line) {
  Diagnostics said(fd());
  fill();
  said.say_last("lost");
  EXPECT_EQ(said.dropped(), 1u);
}

TEST_F(DiagnosticsOnAPipe, that_nobody_can_read_are_counted) {
  Diagnostics said(fd());
  close_reading();
  said.say("one");
  said.say("two");
  EXPECT_EQ(said.dropped(), 2u);
}

TEST_F(DiagnosticsOnAPipe, leave_the_open_file_as_it_is) {
  const int before = fcntl(fd(), F_GETFL);
  Diagnostics said(fd());
  fill();
  said.say("one");
  EXPECT_EQ(fcntl(fd(), F_GETFL), before);
}

}  // namespace
}  // namespace tocsin::tool
