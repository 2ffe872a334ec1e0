#include "harnesses/tool/tls/session_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace tocsin::tool {
namespace {

class SessionFileTest : public ::testing::Test {
 protected:
  SessionFileTest() : path(::testing::TempDir() + "tocsin-session-" + std::to_string(getpid())), file(open_session_file(path)) {
    (void)unlink(path.c_str());
  }
  ~SessionFileTest() override { (void)unlink(path.c_str()); }
  std::string found(std::string_view key) { return std::string(text_of(file->find(bytes_of(key)).view())); }

  std::string path;
  std::shared_ptr<SessionStore> file;
};

TEST_F(SessionFileTest, holds_the_last_session_for_who_asks_by_its_key) {
  EXPECT_EQ(found("a"), "");
  file->keep(bytes_of("a"), bytes_of("first"), UnixSeconds{1});
  EXPECT_EQ(found("a"), "first");
  EXPECT_EQ(found("b"), "");
  file->keep(bytes_of("b"), bytes_of("second"), UnixSeconds{1});
  EXPECT_EQ(found("a"), "");
  EXPECT_EQ(found("b"), "second");
  file->forget(bytes_of("a"));
  EXPECT_EQ(found("b"), "second");
  file->forget(bytes_of("b"));
  EXPECT_EQ(found("b"), "");
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

TEST_F(SessionFileTest, is_its_owner_s_alone) {
  file->keep(bytes_of("a"), bytes_of("secret"), UnixSeconds{1});
  struct stat is;
  ASSERT_EQ(stat(path.c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777, 0600u);
}

TEST_F(SessionFileTest, that_holds_anything_else_holds_no_session) {
  for (const std::string_view text : {"", "x", "\1", "\1\1x", "hello"}) {
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(found("x"), "");
  }
}

}  // namespace
}  // namespace tocsin::tool
