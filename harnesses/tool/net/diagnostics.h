#pragma once
// What the tool says on standard error while connections are open: lines for people and logs, for which no peer waits.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin::tool {

/// Writes lines to a descriptor and never waits for its reader. A line for which poll(2) finds no room is dropped and counted;
/// the next one that gets through comes with a line before it that tells how many were dropped. Both together go out in one
/// piece, or not at all, unless they are longer than PIPE_BUF: then the line may end where the room does, and counts as
/// dropped.
///
/// The descriptor stays as it is: O_NONBLOCK belongs to the open file, and others have that open, too, such as the shell.
class Diagnostics {
 public:
  explicit Diagnostics(int fd) : fd_(fd) {}
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  /// line: without its end.
  void say(std::string_view line);
  /// For the last line, when nothing is served that would wait with us: its reader is given a second to make room.
  void say_last(std::string_view line);
  /// Lines dropped since the start.
  std::uint64_t dropped() const { return dropped_; }

 private:
  void say(std::string_view line, std::chrono::milliseconds patience);
  std::size_t write_what_fits(std::string_view text, std::chrono::milliseconds patience) const;

  const int fd_;
  std::uint64_t dropped_ = 0;
  std::uint64_t told_ = 0;  // of the dropped ones
  bool is_torn_ = false;    // what was written last has no end of line
};

/// Those of the process, on its standard error.
Diagnostics& diagnostics();

}  // namespace tocsin::tool
