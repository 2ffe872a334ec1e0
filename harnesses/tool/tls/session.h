#pragma once
// A TLS connection on a socket that does not block, with time limits.
//
// The loop is Stream's, by way of the Pump under both: what a call queues is written before anybody looks at its result, so no
// alert is left behind. But an alert that was sent can still be lost on its way: a close with unread bytes makes TCP reset the
// connection and drop what the peer has not read. So a session ends in steps: everything is sent, then the sending side is shut
// down, then what still arrives is read and dropped until the peer ends, too.
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/connection/pump.h"
#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

using Clock = std::chrono::steady_clock;

/// 0: no limit.
struct Timeouts {
  std::chrono::milliseconds handshake{10'000};  // from the start; a peer cannot prolong it
  std::chrono::milliseconds idle{60'000};       // without a byte moved
  std::chrono::milliseconds linger{2'000};      // for a peer to take the last bytes
};

enum class Reading { wanted, paused };

class Session {
 public:
  /// Both server ways; the client sends its ClientHello at once. UsageError for a server name that cannot be one.
  static Session direct(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config,
                        Pump::Clock clock);
  static Session acceptor(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ServerConfig> config,
                          Pump::Clock clock);
  static Session client(Descriptor socket, const Timeouts& timeouts, std::shared_ptr<const ClientConfig> config,
                        std::string_view server_name, Pump::Clock clock);

  int fd() const { return socket_.get(); }
  /// What to poll(2) for. A server reads nothing while much waits to be sent: a peer that does not read cannot fill our memory.
  /// A client reads on, since its peer may wait for that before it reads, too; what it sends is for its caller to hold back.
  short poll_events(Reading reading) const;
  /// Moves what can be moved. Call it when poll(2) reports anything.
  void on_ready(Reading reading);
  /// When to call on_timeout; it does nothing before that.
  std::optional<Clock::time_point> deadline() const;
  void on_timeout();

  void send(ByteView application_data);
  void update_keys(KeyUpdateRequest request);
  /// RFC 9846 7.5, in hex. Empty if it fails.
  std::string export_keying_material(std::string_view label, std::size_t bytes);
  /// Sends close_notify; the peer may still send.
  void close_writing();
  /// Closes both ways, in the steps above.
  void finish();
  /// The same without close_notify, so that the peer does not take what it has for all that there is (RFC 9846 6.1).
  void cut_off(std::string problem);
  /// Says goodbye as far as the socket takes it at once, and is finished.
  void give_way(std::string problem);

  Bytes take_application_data() { return pump_.take_application_data(); }
  std::vector<Event> take_events() { return pump_.take_events(); }
  /// The socket can be closed.
  bool is_finished() const { return stage_ == Stage::finished; }
  /// Neither ended nor about to.
  bool is_open() const { return stage_ == Stage::open; }
  /// Open, and the handshake is not complete.
  bool is_in_handshake() const { return is_open() && !pump_.is_handshake_complete(); }
  bool is_backed_up() const { return pump_.unwritten_bytes() >= unsent_bytes_max; }
  /// Some of what was sent did not get as far as the transport, or not yet.
  bool has_unsent() const { return pump_.unwritten_bytes() > 0 || pump_.write_failure(); }
  /// Why it failed: one line, or empty.
  const std::string& problem() const { return problem_; }
  /// None while an Acceptor waits for the ClientHello, and if the client could not be made.
  const Connection* connection() const { return pump_.connection(); }

 private:
  enum class Stage { open, flushing, lingering, finished };
  static constexpr std::size_t unsent_bytes_max = 65536;

  // Past unsent_bytes_max a client only sends what the protocol answers by itself, as a KeyUpdate: that has a limit, too.
  static constexpr std::size_t unsent_bytes_of_client_max = 2 * unsent_bytes_max;

  Session(Descriptor socket, const Timeouts& timeouts, Pump::Clock clock, std::size_t unsent_bytes_while_reading_max);
  void note(const StreamOutcome& outcome);
  void settle();
  void drop_what_arrived();
  void fail(std::string problem);
  bool can_read() const {
    return !is_at_end_of_stream_ && (stage_ == Stage::open || stage_ == Stage::lingering) &&
           pump_.unwritten_bytes() < unsent_bytes_while_reading_max_;
  }

  Descriptor socket_;
  Timeouts timeouts_;
  std::size_t unsent_bytes_while_reading_max_;
  Pump pump_;
  std::uint64_t moved_bytes_ = 0;  // by the pump, at moved_
  Stage stage_ = Stage::open;
  bool is_at_end_of_stream_ = false;
  std::string problem_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point moved_ = started_;  // the last byte that counts
};

}  // namespace tocsin::tool
