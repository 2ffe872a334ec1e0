#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/net/udp.h"
#include "harnesses/tool/tls/connect.h"
#include "harnesses/tool/tls/status_page.h"
#include "tocsin/dtls.h"

namespace tocsin::tool {
namespace {

/// What a datagram holds after the headers and the protection of a record, for every suite.
constexpr std::size_t protection_bytes_max = 13 + 24;

class DatagramRelay {
 public:
  DatagramRelay(const ConnectOptions& options, Descriptor socket, DatagramClient client, DatagramOutput out)
      : options_(options),
        timeouts_(timeouts_of(options)),
        socket_(std::move(socket)),
        client_(std::move(client)),
        out_(std::move(out)) {}

  int run() {
    attend();
    while (is_going_on()) wait_and_move();
    if (client_.failure() == nullptr) (void)client_.close(out_);
    attend();
    if (problem_.empty() && client_.failure() != nullptr) problem_ = client_.failure()->describe();
    if (problem_.empty()) return status_of_output();
    diagnostics().say_last("tocsin: " + problem_);
    return 1;
  }

 private:
  bool is_going_on() const {
    return problem_.empty() && client_.failure() == nullptr && !client_.is_closed_by_peer() && !is_closed_ && std::cout;
  }
  bool wants_to_close() const { return !is_input_open_ && !options_.is_waiting && client_.is_handshake_complete(); }

  void wait_and_move() {
    const bool wants_input = is_input_open_ && client_.is_handshake_complete();
    std::array<pollfd, 2> polled{{{socket_.get(), POLLIN, 0}, {wants_input ? STDIN_FILENO : -1, POLLIN, 0}}};
    const int ready = poll(polled.data(), polled.size(), patience_ms());
    if (ready < 0) return;
    note_error(receive_waiting(socket_, [this](const ReceivedDatagram& received) {
      moved_ = Clock::now();
      (void)client_.receive(received.datagram, current_time(), out_);
    }));
    if (client_.failure() == nullptr) (void)client_.on_timeout(current_time(), out_);
    attend();
    if (polled[1].revents != 0) read_input();
    is_closed_ = ready == 0 && wants_to_close();
    if (const auto due = own_deadline(); due && Clock::now() >= *due)
      problem_ = client_.is_handshake_complete() ? "timeout: nothing was sent or received for too long"
                                                 : "timeout: the handshake took too long";
  }

  // For poll(2): until the first timer, of the association or of ours.
  int patience_ms() const {
    std::optional<Clock::time_point> due = own_deadline();
    if (const auto retransmission = client_.deadline()) {
      const Clock::time_point at = time_point_of(*retransmission);
      if (!due || at < *due) due = at;
    } else if (wants_to_close()) {
      return 0;
    }
    return poll_timeout_ms(due);
  }

  std::optional<Clock::time_point> own_deadline() const {
    const bool is_complete = client_.is_handshake_complete();
    const auto patience = is_complete ? timeouts_.idle : timeouts_.handshake;
    if (patience.count() == 0) return std::nullopt;
    return (is_complete ? moved_ : started_) + patience;
  }

  // Whatever else goes wrong with a datagram is the network's, and the timers deal with it. A server that has gone behind its
  // close_notify, or ours, did not refuse anything.
  void note_error(int error) {
    if (error == ECONNREFUSED && is_going_on()) problem_ = "cannot connect to " + options_.address + ": " + errno_text(error);
  }

  void attend() {
    std::exchange(out_.to_peer, {}).each([&](ByteView datagram) { note_error(send_datagram(socket_, datagram)); });
    for (const DiscardSeen& seen : std::exchange(out_.discarded, {}))
      if (options_.is_verbose) diagnostics().say(describe(seen));
    for (const Event event : std::exchange(out_.events, {})) {
      if (event != Event::handshake_complete) continue;
      moved_ = Clock::now();
      if (!options_.is_verbose) continue;
      for (const std::string& line : describe(client_.negotiated())) diagnostics().say(line);
    }
    std::exchange(out_.application_data, {}).each([](ByteView data) { std::cout << text_of(data) << std::flush; });
  }

  void read_input() {
    std::array<std::uint8_t, 16384> buffer;
    const std::size_t id_bytes = client_.negotiated().peer_connection_id.size();
    const std::size_t room_bytes = options_.datagram_bytes_max - protection_bytes_max - id_bytes - (id_bytes == 0 ? 0 : 1);
    const IoResult read = read_some(STDIN_FILENO, MutableBytes(buffer).first(std::min(buffer.size(), room_bytes)));
    if (read.how == IoResult::How::nothing_yet) return;
    if (read.how == IoResult::How::broken) problem_ = "cannot read standard input: " + read.error.text;
    is_input_open_ = read.how == IoResult::How::bytes;
    if (!is_input_open_) return;
    moved_ = Clock::now();
    (void)client_.send(ByteView(buffer).first(read.bytes), out_);
    attend();
  }

  const ConnectOptions& options_;
  const Timeouts timeouts_;
  Descriptor socket_;
  DatagramClient client_;
  DatagramOutput out_;
  std::string problem_;  // the tool's own; the association has another
  bool is_input_open_ = true, is_closed_ = false;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point moved_ = started_;  // the last datagram
};

}  // namespace

int connect_dtls(const ConnectOptions& options, std::shared_ptr<const ClientConfig> config, const std::string& server_name) {
  Descriptor socket = connect_datagrams(parse_address(options.address));
  DatagramOutput out;
  auto client = DatagramClient::start(std::move(config), server_name, current_time(), out);
  if (!client) throw UsageError(client.error().describe());
  return DatagramRelay(options, std::move(socket), std::move(*client), std::move(out)).run();
}

}  // namespace tocsin::tool
