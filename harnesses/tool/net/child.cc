#include "harnesses/tool/net/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>
#include <utility>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"

namespace tocsin::tool {
namespace {

using stacks::pipe::Broken;

constexpr std::chrono::milliseconds patience_for_end{200};

std::pair<Descriptor, Descriptor> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw UsageError("cannot make a pipe: " + errno_text(errno));
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void never_block(const Descriptor& pipe) { fcntl(pipe.get(), F_SETFL, fcntl(pipe.get(), F_GETFL) | O_NONBLOCK); }

std::string words_of_status(int status) {
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Child::Child(const std::string& command, std::chrono::milliseconds answer_timeout) : answer_timeout_(answer_timeout) {
  auto [child_reads, we_write] = make_pipe();
  auto [we_read, child_writes] = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child_reads.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, child_writes.get(), STDOUT_FILENO);
  // A group of its own, so that what the command starts ends with it; and SIGPIPE, which the tool ignores, as usual.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  const int error = posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    pid_ = -1;
    throw UsageError("cannot start a shell: " + errno_text(error));
  }
  to_child_ = std::move(we_write);
  from_child_ = std::move(we_read);
  never_block(to_child_);
  never_block(from_child_);
}

Child::~Child() { end(); }

Bytes Child::exchange(ByteView message) {
  if (!why_.empty()) throw Broken(why_);
  const Deadline deadline = std::chrono::steady_clock::now() + answer_timeout_;
  try {
    std::array<std::uint8_t, 1> one;
    if (!reader_.is_empty() || read_some(from_child_.get(), one).how == IoResult::How::bytes)
      give_up("it writes without being asked");
    write(message, deadline);
    return read(deadline);
  } catch (const Broken& broken) {
    if (why_.empty()) give_up(broken.what());
    throw;
  }
}

void Child::write(ByteView message, Deadline deadline) {
  while (!message.empty()) {
    const IoResult written = write_some(to_child_.get(), message);
    if (written.how == IoResult::How::bytes)
      message = message.subspan(written.bytes);
    else if (written.how == IoResult::How::nothing_yet)
      wait_for(to_child_, POLLOUT, deadline);
    else
      give_up_on_end();
  }
}

Bytes Child::read(Deadline deadline) {
  std::array<std::uint8_t, 65536> buffer;
  while (true) {
    if (auto answer = reader_.take()) return std::move(*answer);
    const IoResult got = read_some(from_child_.get(), buffer);
    if (got.how == IoResult::How::bytes)
      reader_.add(ByteView(buffer).first(got.bytes));
    else if (got.how == IoResult::How::nothing_yet)
      wait_for(from_child_, POLLIN, deadline);
    else
      give_up_on_end();
  }
}

void Child::wait_for(const Descriptor& pipe, short events, Deadline deadline) {
  pollfd polled{pipe.get(), events, 0};
  if (std::chrono::steady_clock::now() >= deadline)
    give_up("it does not answer within " + std::to_string(answer_timeout_.count()) + " ms");
  poll(&polled, 1, poll_timeout_ms(deadline));
}

// Its output is closed: by its end, most likely, which then is about to be seen.
void Child::give_up_on_end() {
  const pid_t pid = pid_;
  const Deadline patience = std::chrono::steady_clock::now() + patience_for_end;
  siginfo_t ended{};
  while (waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0 &&
         std::chrono::steady_clock::now() < patience)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const bool has_ended = ended.si_pid == pid;
  const int status = end();
  give_up(has_ended ? "it " + words_of_status(status) : "it has closed its pipe");
}

void Child::give_up(const std::string& why) {
  why_ = why;
  end();
  throw Broken(why_);
}

// The status of waitpid(2).
int Child::end() {
  int status = 0;
  const pid_t pid = std::exchange(pid_, -1);
  if (pid < 0) return status;
  kill(-pid, SIGKILL);
  waitpid(pid, &status, 0);
  return status;
}

}  // namespace tocsin::tool
