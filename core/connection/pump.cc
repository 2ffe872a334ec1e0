#include "core/connection/pump.h"

#include <algorithm>
#include <array>

namespace tocsin {

// The one door. A Misuse is the caller's, and changes nothing.
template <class Call>
StreamOutcome Pump::run(Call&& call) {
  const Outcome outcome = failure_ ? Outcome(Done{}) : call();
  flush();
  if (failure_) return *failure_;
  if (outcome) return Done{};
  StreamError error(outcome.error());
  if (outcome.error().misuse() == nullptr) failure_ = error;
  return error;
}

template <class Call>
StreamOutcome Pump::run_on_connection(Call&& call) {
  return run([&]() -> Outcome {
    if (!connection_) return Misuse::handshake_not_complete;
    return call(*connection_);
  });
}

void Pump::serve(std::shared_ptr<const ServerConfig> config) {
  if (const Outcome begun = adopt(Connection::server(std::move(config))); !begun) fail(begun.error());
}

void Pump::serve(ChooseConfig choose, const Limits& limits) {
  choose_ = std::move(choose);
  acceptor_.emplace(limits);
}

void Pump::serve(Accepted accepted, std::shared_ptr<const ServerConfig> config, Output unsent) {
  output_ = std::move(unsent);
  if (const Outcome begun = answer(std::move(accepted), std::move(config)); !begun) fail(begun.error());
}

void Pump::connect(std::shared_ptr<const ClientConfig> config, std::string_view server_name) {
  if (const Outcome begun = adopt(Connection::client(std::move(config), server_name, now(), output_)); !begun)
    fail(begun.error());
}

Outcome Pump::adopt(Result<Connection, Error> made) {
  if (!made) return made.error();
  connection_.emplace(std::move(*made));
  return Done{};
}

/// Whatever happens, the client is told: a configuration that cannot be used is no reason to be silent.
Outcome Pump::answer(Accepted accepted, std::shared_ptr<const ServerConfig> config) {
  Result<Connection, Error> made = std::move(accepted).into_connection(std::move(config), now(), output_);
  if (made || made.error().misuse() == nullptr) return adopt(std::move(made));
  std::move(accepted).reject(Reason::application_failed, output_);
  fail(made.error());
  return made.error();
}

// A server that starts directly and one that starts by Acceptor meet here: whichever call fails, its alert is in the output.
Outcome Pump::receive(ByteView from_peer) {
  if (connection_) return connection_->receive(from_peer, now(), output_);
  TOCSIN_TRY_SET(std::optional<Accepted> accepted, acceptor_->receive(from_peer, output_));
  if (!accepted) return Done{};
  Result<std::shared_ptr<const ServerConfig>, Reason> config = Reason::application_failed;
  ignore_failure_of([&] { config = choose_(accepted->offer()); });
  if (config) return answer(std::move(*accepted), std::move(*config));
  std::move(*accepted).reject(config.error(), output_);
  return Fatal{config.error()};
}

StreamOutcome Pump::read_once() {
  std::array<std::uint8_t, read_bytes_max> buffer;
  const IoResult read = read_(buffer);
  switch (read.how) {
    case IoResult::How::nothing_yet:
      return Done{};
    case IoResult::How::bytes:
      moved_bytes_ += read.bytes;
      return run([&] { return receive(ByteView(buffer).first(read.bytes)); });
    case IoResult::How::end_of_stream:
      is_at_end_of_stream_ = true;
      return run([&] {
        return connection_ ? connection_->receive_end_of_stream(output_) : acceptor_->receive_end_of_stream(output_);
      });
    case IoResult::How::broken:
      is_at_end_of_stream_ = true;
      failure_.emplace(StreamError::Kind::read_failed, read.error);
      if (!write_failure_) write_failure_ = failure_;  // half a transport is none
      return *failure_;
  }
  __builtin_unreachable();
}

void Pump::flush() {
  while (unwritten_bytes() > 0 && !write_failure_) {
    const IoResult written = write_(ByteView(output_.to_peer).subspan(written_bytes_));
    if (written.how == IoResult::How::nothing_yet) break;
    if (written.how == IoResult::How::bytes) {
      written_bytes_ += written.bytes;
      moved_bytes_ += written.bytes;
    } else {
      write_failure_.emplace(StreamError::Kind::write_failed, written.error);
    }
  }
  constexpr std::size_t kept_bytes_max = 65536;  // of what is written: an erasure for each write would move the rest too often
  if (write_failure_) written_bytes_ = output_.to_peer.size();
  if (unwritten_bytes() == 0 || written_bytes_ >= kept_bytes_max) {
    output_.to_peer.erase(output_.to_peer.begin(), output_.to_peer.begin() + static_cast<std::ptrdiff_t>(written_bytes_));
    written_bytes_ = 0;
  }
}

std::size_t Pump::take_application_data(MutableBytes into) {
  const ByteView rest = ByteView(output_.application_data).subspan(taken_bytes_);
  const std::size_t bytes = std::min(into.size(), rest.size());
  std::copy_n(rest.begin(), bytes, into.begin());
  taken_bytes_ += bytes;
  if (bytes == rest.size()) {
    output_.application_data.clear();
    taken_bytes_ = 0;
  }
  return bytes;
}

StreamOutcome Pump::send(ByteView application_data) {
  return run_on_connection([&](Connection& connection) { return connection.send(application_data, output_); });
}

StreamOutcome Pump::update_keys(KeyUpdateRequest request) {
  return run_on_connection([&](Connection& connection) { return connection.update_keys(request, output_); });
}

StreamOutcome Pump::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key) {
  return run_on_connection(
      [&](Connection& connection) { return connection.export_keying_material(label, context, out_key, output_); });
}

StreamOutcome Pump::close() {
  const bool gives_up = !is_handshake_complete();
  const StreamOutcome closed = run([&] { return connection_ ? connection_->close(output_) : acceptor_->close(output_); });
  if (closed && gives_up) fail(Misuse::closed_by_caller);
  return closed;
}

}  // namespace tocsin
