#pragma once
// A child process that answers on its standard output to what it reads on its standard input: the way to a shim.
#include <sys/types.h>

#include <chrono>
#include <string>

#include "harnesses/stacks/pipe/channel.h"
#include "harnesses/stacks/pipe/message.h"
#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

/// SIGPIPE must be ignored. Ends with all that it has started when this object does, or at the first answer that is not as it
/// must be: too late, too long, without a question, or none.
class Child final : public stacks::pipe::Channel {
 public:
  /// command: for sh -c; its standard error is this process's. answer_timeout: of each answer. Throws UsageError if there can
  /// be no process.
  Child(const std::string& command, std::chrono::milliseconds answer_timeout);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() override;

  Bytes exchange(ByteView message) override;

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  void write(ByteView message, Deadline deadline);
  Bytes read(Deadline deadline);
  void wait_for(const Descriptor& pipe, short events, Deadline deadline);
  [[noreturn]] void give_up(const std::string& why);
  [[noreturn]] void give_up_on_end();
  int end();

  std::chrono::milliseconds answer_timeout_;
  pid_t pid_ = -1;  // and its group; -1: it has ended
  Descriptor to_child_, from_child_;
  stacks::pipe::MessageReader reader_;
  std::string why_;  // it was given up
};

}  // namespace tocsin::tool
