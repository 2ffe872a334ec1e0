#include "harnesses/tools/session.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "harnesses/tools/failure.h"

namespace tocsin::tools {
namespace {

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text.append(1, "0123456789abcdef"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
  return text;
}

}  // namespace

Session::Session(Descriptor socket, const Timeouts& timeouts) : socket_(std::move(socket)), timeouts_(timeouts) {}

Session Session::direct(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config) {
  Session session(std::move(socket), timeouts);
  session.connection_.emplace(Connection::server(std::move(config)));
  return session;
}

Session Session::acceptor(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config) {
  Session session(std::move(socket), timeouts);
  session.acceptor_.emplace(config->limits);
  session.server_config_ = std::move(config);
  return session;
}

Session Session::client(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ClientConfig> config,
                        std::string_view server_name, UnixSeconds now) {
  Session session(std::move(socket), timeouts);
  session.run([&](Output& out) -> Outcome {
    auto made = Connection::client(std::move(config), server_name, now, out);
    if (!made && made.error().misuse() != nullptr) throw UsageError(made.error().describe());
    if (!made) return made.error();
    session.connection_.emplace(std::move(*made));
    return Done{};
  });
  return session;
}

template <class Call>
void Session::run(Call&& call) {
  const Outcome outcome = call(output_);
  if (!outcome) fail(outcome.error().describe());
  flush();
}

// Both ways in meet here: whichever call fails, its alert is in out.
Outcome Session::receive(ByteView from_peer, Output& out) {
  if (connection_) return connection_->receive(from_peer, out);
  auto accepted = acceptor_->receive(from_peer, out);
  if (!accepted) return accepted.error();
  if (!*accepted) return Done{};
  auto connection = std::move(**accepted).into_connection(server_config_, out);
  if (!connection) return connection.error();
  connection_.emplace(std::move(*connection));
  return Done{};
}

short Session::poll_events(Reading reading) const {
  int events = 0;
  if (unsent_bytes() > 0) events |= POLLOUT;
  if (can_read() && !is_backed_up() && (reading == Reading::wanted || stage_ == Stage::lingering)) events |= POLLIN;
  return static_cast<short>(events);
}

void Session::on_ready(Reading reading) {
  flush();
  if (can_read() && !is_backed_up() && (reading == Reading::wanted || stage_ == Stage::lingering)) read_once();
}

void Session::read_once() {
  std::array<std::uint8_t, read_bytes> buffer;
  const Moved read = read_some(socket_.get(), buffer);
  if (read.how == Moved::How::nothing_yet) return;
  at_end_of_stream_ = read.how != Moved::How::bytes;
  if (stage_ == Stage::lingering) {
    if (at_end_of_stream_) stage_ = Stage::finished;
    return;
  }
  moved_ = Clock::now();
  if (read.how == Moved::How::bytes) {
    run([&](Output& out) { return receive(ByteView(buffer).first(read.bytes), out); });
  } else if (read.how == Moved::How::end_of_stream) {
    run([&](Output& out) {
      return connection_ ? connection_->receive_end_of_stream(out) : acceptor_->receive_end_of_stream(out);
    });
  } else {
    is_write_broken_ = true;
    fail("transport: " + errno_text(read.error));
    flush();
  }
}

// A write that fails ends nothing yet: the alert that tells why the peer has gone may be waiting to be read.
void Session::flush() {
  while (unsent_bytes() > 0 && !is_write_broken_) {
    const Moved written = write_some(socket_.get(), ByteView(output_.to_peer).subspan(sent_bytes_));
    if (written.how == Moved::How::nothing_yet) break;
    is_write_broken_ = written.how == Moved::How::broken;
    sent_bytes_ += written.bytes;
    moved_ = Clock::now();
  }
  if (is_write_broken_) sent_bytes_ = output_.to_peer.size();
  if (unsent_bytes() == 0 || sent_bytes_ >= unsent_bytes_max) {
    output_.to_peer.erase(output_.to_peer.begin(), output_.to_peer.begin() + static_cast<std::ptrdiff_t>(sent_bytes_));
    sent_bytes_ = 0;
  }
  if (stage_ == Stage::flushing && unsent_bytes() == 0) {
    const bool is_shut = !is_write_broken_ && shutdown(socket_.get(), SHUT_WR) == 0;
    stage_ = is_shut && !at_end_of_stream_ ? Stage::lingering : Stage::finished;
    moved_ = Clock::now();
  }
}

std::optional<Clock::time_point> Session::deadline() const {
  if (stage_ == Stage::finished) return std::nullopt;
  if (stage_ == Stage::lingering || (stage_ == Stage::flushing && !problem_.empty())) return moved_ + timeouts_.linger;
  const bool is_complete = connection_ && connection_->is_handshake_complete();
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
  const bool is_complete = connection_ && connection_->is_handshake_complete();
  fail(is_complete ? "timeout: nothing was sent or received for too long" : "timeout: the handshake took too long");
  finish();
}

void Session::send(ByteView application_data) {
  run([&](Output& out) { return connection_->send(application_data, out); });
}

void Session::update_keys(KeyUpdateRequest request) {
  run([&](Output& out) { return connection_->update_keys(request, out); });
}

std::string Session::export_keying_material(std::string_view label, std::size_t bytes) {
  Bytes key(bytes);
  run([&](Output& out) { return connection_->export_keying_material(label, {}, key, out); });
  return problem_.empty() ? hex(key) : "";
}

void Session::close_writing() {
  if (!connection_ && !acceptor_) return;
  run([&](Output& out) { return connection_ ? connection_->close(out) : acceptor_->close(out); });
}

void Session::finish() {
  close_writing();
  if (stage_ == Stage::open) stage_ = Stage::flushing;
  flush();
}

void Session::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
  if (stage_ == Stage::open) stage_ = Stage::flushing;
}

Bytes Session::take_application_data() { return std::exchange(output_.application_data, {}); }

std::vector<Event> Session::take_events() { return std::exchange(output_.events, {}); }

}  // namespace tocsin::tools
