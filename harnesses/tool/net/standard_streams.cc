#include "harnesses/tool/net/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace tocsin::tool {
namespace {

constexpr int exit_unusable = 2;

bool is_closed(int fd) { return fcntl(fd, F_GETFD) < 0 && errno == EBADF; }

}  // namespace

void occupy_closed_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (!is_closed(fd)) continue;
    // open(2) gives the lowest number that is free: this one, as those below are open by now.
    if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) std::_Exit(exit_unusable);
  }
}

}  // namespace tocsin::tool
