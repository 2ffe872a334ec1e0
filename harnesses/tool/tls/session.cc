#include "harnesses/tool/tls/session.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/tls/status_page.h"

namespace tocsin::tool {

Session::Session(Descriptor socket, const Timeouts& timeouts, Pump::Clock clock, std::size_t unsent_bytes_while_reading_max)
    : socket_(std::move(socket)),
      timeouts_(timeouts),
      unsent_bytes_while_reading_max_(unsent_bytes_while_reading_max),
      pump_([fd = socket_.get()](MutableBytes into) { return read_some(fd, into); },
            [fd = socket_.get()](ByteView from) { return write_some(fd, from); }, std::move(clock)) {}

Session Session::direct(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config,
                        Pump::Clock clock) {
  Session session(std::move(socket), timeouts, std::move(clock), unsent_bytes_max);
  session.pump_.serve(std::move(config));
  return session;
}

Session Session::acceptor(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config,
                          Pump::Clock clock) {
  Session session(std::move(socket), timeouts, std::move(clock), unsent_bytes_max);
  const Limits limits = config->limits;
  session.pump_.serve([chosen = std::move(config)](const Offer&) { return chosen; }, limits);
  return session;
}

Session Session::client(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ClientConfig> config,
                        std::string_view server_name, Pump::Clock clock) {
  Session session(std::move(socket), timeouts, std::move(clock), unsent_bytes_of_client_max);
  session.pump_.connect(std::move(config), server_name);
  if (const auto& failed = session.pump_.failure()) {
    if (failed->tls()->misuse() != nullptr) throw UsageError(failed->describe());
    session.note(*failed);
  }
  session.pump_.flush();
  session.settle();
  return session;
}

void Session::note(const StreamOutcome& outcome) {
  if (!outcome) fail(outcome.error().describe());
  settle();
}

// After each use of the pump: did it move anything, and is it time to shut down?
void Session::settle() {
  if (std::exchange(moved_bytes_, pump_.moved_bytes()) != pump_.moved_bytes()) moved_ = Clock::now();
  is_at_end_of_stream_ = is_at_end_of_stream_ || pump_.is_at_end_of_stream();
  if (stage_ != Stage::flushing || pump_.unwritten_bytes() > 0) return;
  const bool is_shut = !pump_.write_failure() && shutdown(socket_.get(), SHUT_WR) == 0;
  stage_ = is_shut && !is_at_end_of_stream_ ? Stage::lingering : Stage::finished;
  moved_ = Clock::now();
}

short Session::poll_events(Reading reading) const {
  int events = 0;
  if (pump_.unwritten_bytes() > 0) events |= POLLOUT;
  if (can_read() && (reading == Reading::wanted || stage_ == Stage::lingering)) events |= POLLIN;
  return static_cast<short>(events);
}

void Session::on_ready(Reading reading) {
  pump_.flush();
  settle();
  if (!can_read()) return;
  if (stage_ == Stage::lingering) {
    drop_what_arrived();
  } else if (reading == Reading::wanted) {
    note(pump_.read_once());
  }
}

void Session::drop_what_arrived() {
  std::array<std::uint8_t, Pump::read_bytes_max> buffer;
  const IoResult read = read_some(socket_.get(), buffer);
  if (read.how != IoResult::How::bytes && read.how != IoResult::How::nothing_yet) stage_ = Stage::finished;
}

std::optional<Clock::time_point> Session::deadline() const {
  if (stage_ == Stage::finished) return std::nullopt;
  if (stage_ == Stage::lingering || (stage_ == Stage::flushing && !problem_.empty())) return moved_ + timeouts_.linger;
  const bool is_complete = pump_.is_handshake_complete();
  const auto patience = is_complete ? timeouts_.idle : timeouts_.handshake;
  if (patience.count() == 0) return std::nullopt;
  return (is_complete ? moved_ : started_) + patience;
}

void Session::on_timeout() {
  const auto due = deadline();
  if (!due || Clock::now() < *due) return;
  if (stage_ != Stage::open) {
    stage_ = Stage::finished;
    return;
  }
  if (has_unsent() && pump_.is_handshake_complete()) return cut_off("timeout: the peer took no data for too long");
  const bool is_complete = pump_.is_handshake_complete();
  fail(is_complete ? "timeout: nothing was sent or received for too long" : "timeout: the handshake took too long");
  finish();
}

void Session::send(ByteView application_data) { note(pump_.send(application_data)); }

void Session::update_keys(KeyUpdateRequest request) { note(pump_.update_keys(request)); }

std::string Session::export_keying_material(std::string_view label, std::size_t bytes) {
  Bytes key(bytes);
  note(pump_.export_keying_material(label, {}, key));
  return problem_.empty() ? hex_of(key) : "";
}

void Session::close_writing() { note(pump_.close()); }

void Session::finish() {
  close_writing();
  if (stage_ == Stage::open) stage_ = Stage::flushing;
  settle();
}

void Session::cut_off(std::string problem) {
  fail(std::move(problem));
  settle();
}

void Session::give_way(std::string problem) {
  fail(std::move(problem));
  finish();
  stage_ = Stage::finished;
}

void Session::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
  if (stage_ == Stage::open) stage_ = Stage::flushing;
}

}  // namespace tocsin::tool
