#include "harnesses/tool/net/diagnostics.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <string>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

void Diagnostics::say(std::string_view line) { say(line, {}); }

void Diagnostics::say_last(std::string_view line) { say(line, std::chrono::seconds(1)); }

void Diagnostics::say(std::string_view line, std::chrono::milliseconds patience) {
  std::string text = is_torn_ ? "\n" : "";
  if (const std::uint64_t untold = dropped_ - told_; untold > 0) {
    text += "tocsin: " + std::to_string(untold) + (untold == 1 ? " line was" : " lines were");
    text += " dropped here, as standard error took no more\n";
  }
  const std::size_t count_bytes = text.size();
  text.append(line).append("\n");
  const std::size_t written_bytes = write_what_fits(text, patience);
  if (written_bytes >= count_bytes) told_ = dropped_;
  if (written_bytes < text.size()) ++dropped_;
  if (written_bytes > 0) is_torn_ = text[written_bytes - 1] != '\n';
}

// While poll(2) calls a pipe writable, a write of PIPE_BUF bytes does not block. patience: for each of those writes.
std::size_t Diagnostics::write_what_fits(std::string_view text, std::chrono::milliseconds patience) const {
  std::size_t written_bytes = 0;
  while (written_bytes < text.size()) {
    pollfd room{fd_, POLLOUT, 0};
    if (poll(&room, 1, static_cast<int>(patience.count())) != 1 || (room.revents & POLLOUT) == 0) break;
    const IoResult written = write_some(fd_, bytes_of(text.substr(written_bytes, PIPE_BUF)));
    if (written.how != IoResult::How::bytes) break;
    written_bytes += written.bytes;
  }
  return written_bytes;
}

Diagnostics& diagnostics() {
  static Diagnostics of_process(STDERR_FILENO);
  return of_process;
}

}  // namespace tocsin::tool
