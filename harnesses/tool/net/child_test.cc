#include "harnesses/tool/net/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

namespace tocsin::tool {
namespace {

using stacks::pipe::Broken;

// As main() does: a child that has gone is an error of one write.
const auto pipes_break_quietly = signal(SIGPIPE, SIG_IGN);

// What is said of a command that a message is sent to.
std::string broken_by(const std::string& command, int times = 1) {
  Child child(command, std::chrono::milliseconds(300));
  try {
    const Bytes message(200'000);  // more than a pipe holds
    for (int i = 0; i < times; ++i) child.exchange(times > 1 ? ByteView(message).first(1) : ByteView(message));
  } catch (const Broken& broken) {
    EXPECT_THROW(child.exchange({}), Broken) << "it stays given up";
    return broken.what();
  }
  return "";
}

TEST(Child, answers) {
  Child child("head -c 5 > /dev/null; printf '\\0\\0\\0\\2ok'; cat > /dev/null", std::chrono::seconds(10));
  EXPECT_EQ(text_of(child.exchange(bytes_of("hello"))), "ok");
}

TEST(Child, that_does_not_read_is_given_up) { EXPECT_EQ(broken_by("sleep 100"), "it does not answer within 300 ms"); }
TEST(Child, that_does_not_answer_is_given_up) { EXPECT_EQ(broken_by("cat > /dev/null"), "it does not answer within 300 ms"); }
TEST(Child, that_ends_is_given_up) {
  EXPECT_EQ(broken_by("exit 3"), "it ended with status 3");
  EXPECT_EQ(broken_by("kill -SEGV $$"), "it was ended by signal 11");
  EXPECT_EQ(broken_by("exec > /dev/null; cat"), "it has closed its pipe");
  EXPECT_EQ(broken_by("/there/is/no/such/program 2> /dev/null"), "it ended with status 127");
}
TEST(Child, that_lies_about_a_length_is_given_up) {
  EXPECT_EQ(broken_by("head -c 1 > /dev/null; printf '\\377\\377\\377\\377'; cat > /dev/null"),
            "it announces a message of 4294967295 bytes, and 1048576 are the most");
  EXPECT_EQ(broken_by("head -c 1 > /dev/null; printf '\\0\\0\\0\\5no'; cat > /dev/null"), "it does not answer within 300 ms");
}
TEST(Child, that_floods_is_given_up) {
  const std::string flood = "head -c 1 > /dev/null; while printf '\\0\\0\\0\\1a'; do :; done";
  EXPECT_EQ(broken_by(flood, 10'000), "it writes without being asked");
}

TEST(Child, ends_with_all_that_it_has_started) {
  pid_t grandchild = 0;
  const std::string file = testing::TempDir() + "child_test_pid";
  {
    Child child("sleep 100 & echo $! > " + file + "; head -c 1 > /dev/null; printf '\\0\\0\\0\\1a'; wait",
                std::chrono::seconds(10));
    child.exchange(bytes_of("a"));
    std::ifstream(file) >> grandchild;
    ASSERT_GT(grandchild, 1);
    EXPECT_EQ(kill(grandchild, 0), 0);
  }
  // Who inherits it may not have asked for its end yet: then it is there, and dead.
  std::string state;
  for (int i = 0; i < 1000 && state != "Z"; ++i) {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string number, name;
    if (!(stat >> number >> name >> state)) break;
    usleep(1000);
  }
  EXPECT_TRUE(state == "Z" || kill(grandchild, 0) != 0);
}

}  // namespace
}  // namespace tocsin::tool
