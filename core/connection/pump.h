#pragma once
// One end of a connection joined to a transport: what Stream does waiting, and the tocsin tool without.
//
// Every call into the core goes through run, which owns the Output and writes what the call queued before it looks at the
// result. Nobody can reach the core another way, so no alert is left behind.
#include <optional>
#include <utility>

#include "core/base/guarded.h"
#include "core/connection/call.h"
#include "tocsin/stream.h"

namespace tocsin {

/// What one call of a transport did.
struct IoResult {
  enum class How : std::uint8_t { bytes, nothing_yet, end_of_stream, broken };
  How how = How::nothing_yet;
  std::size_t bytes = 0;   // how many, at least one
  TransportError error{};  // why it is broken
};

class Pump : public Enterable {
 public:
  static constexpr std::size_t read_bytes_max = 16384;  // in one go

  using Read = std::function<IoResult(MutableBytes into)>;
  using Write = std::function<IoResult(ByteView from)>;
  using Clock = std::function<Now()>;
  /// read and write do not throw. clock: empty if the time is not known.
  Pump(Read read, Write write, Clock clock) : read_(std::move(read)), write_(std::move(write)), clock_(std::move(clock)) {}

  // One of these comes first. They write nothing yet.
  void serve(std::shared_ptr<const ServerConfig> config);
  void serve(ChooseConfig choose, const Limits& limits);
  void serve(Accepted accepted, std::shared_ptr<const ServerConfig> config, Output unsent);
  void connect(std::shared_ptr<const ClientConfig> config, std::string_view server_name);

  /// Reads from the transport once, and lets the connection take what came. Only where there was no failure.
  StreamOutcome read_once();
  /// Writes what waits to be written, as far as the transport takes it.
  void flush();

  StreamOutcome send(ByteView application_data);
  StreamOutcome update_keys(KeyUpdateRequest request);
  StreamOutcome export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key);
  StreamOutcome close();

  /// Null while an Acceptor waits for the ClientHello, and if there never was one.
  const Connection* connection() const { return connection_ ? &*connection_ : nullptr; }
  bool is_handshake_complete() const { return connection_ && connection_->is_handshake_complete(); }
  /// Why nothing goes any more. A transport that takes no more bytes is no such reason: the alert that tells why the peer has
  /// gone may be waiting to be read.
  const std::optional<StreamError>& failure() const { return failure_; }
  const std::optional<StreamError>& write_failure() const { return write_failure_; }
  void fail(StreamError error) { failure_ = std::move(error); }

  /// Takes what was received: some of it, or all. Nobody uses both.
  std::size_t take_application_data(MutableBytes into);
  Bytes take_application_data() { return std::exchange(output_.application_data, {}); }
  std::vector<Event> take_events() { return std::exchange(output_.events, {}); }
  /// The transport ended, or broke.
  bool is_at_end_of_stream() const { return is_at_end_of_stream_; }
  std::size_t unwritten_bytes() const { return output_.to_peer.size() - written_bytes_; }
  /// Both ways, since the beginning.
  std::uint64_t moved_bytes() const { return moved_bytes_; }

 private:
  template <class Call>
  StreamOutcome run(Call&& call);
  template <class Call>
  StreamOutcome run_on_connection(Call&& call);
  Outcome receive(ByteView from_peer);
  Now now() const {
    Now at;
    if (clock_) ignore_failure_of([&] { at = clock_(); });
    return at;
  }
  Outcome answer(Accepted accepted, std::shared_ptr<const ServerConfig> config);
  Outcome adopt(Result<Connection, Error> made);

  Read read_;
  Write write_;
  Clock clock_;
  ChooseConfig choose_;
  std::optional<Acceptor> acceptor_;
  std::optional<Connection> connection_;
  Output output_;
  std::size_t written_bytes_ = 0;  // of output_.to_peer
  std::size_t taken_bytes_ = 0;    // of output_.application_data
  std::uint64_t moved_bytes_ = 0;
  bool is_at_end_of_stream_ = false;
  std::optional<StreamError> failure_, write_failure_;
};

}  // namespace tocsin
