#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"
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
      : options_(options), socket_(std::move(socket)), client_(std::move(client)), out_(std::move(out)) {}

  int run() {
    attend();
    while (client_.failure() == nullptr && !client_.is_closed_by_peer() && !is_closed_) wait_and_move();
    if (client_.failure() == nullptr) (void)client_.close(out_);
    attend();
    if (client_.failure() == nullptr) return 0;
    std::cerr << "tocsin: " + client_.failure()->describe() + "\n";
    return 1;
  }

 private:
  void wait_and_move() {
    const bool wants_input = is_input_open_ && client_.is_handshake_complete();
    std::array<pollfd, 2> polled{{{socket_.get(), POLLIN, 0}, {wants_input ? STDIN_FILENO : -1, POLLIN, 0}}};
    int patience_ms = -1;
    if (const auto due = client_.deadline()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(time_point_of(*due) - std::chrono::steady_clock::now());
      patience_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
    } else if (!is_input_open_ && !options_.is_waiting) {
      patience_ms = 0;
    }
    const int ready = poll(polled.data(), polled.size(), patience_ms);
    if (ready < 0) return;
    while (auto received = receive_datagram(socket_))
      if (!client_.receive(received->datagram, current_time(), out_)) break;
    if (client_.failure() == nullptr) (void)client_.on_timeout(current_time(), out_);
    attend();
    if (polled[1].revents != 0) read_input();
    is_closed_ = ready == 0 && !is_input_open_ && !options_.is_waiting && client_.is_handshake_complete();
  }

  void attend() {
    std::exchange(out_.to_peer, {}).each([&](ByteView datagram) { send_datagram(socket_, datagram); });
    for (const DiscardSeen& seen : std::exchange(out_.discarded, {}))
      if (options_.is_verbose) std::cerr << describe(seen) + "\n";
    for (const Event event : std::exchange(out_.events, {})) {
      if (event != Event::handshake_complete || !options_.is_verbose) continue;
      for (const std::string& line : describe(client_.negotiated())) std::cerr << line + "\n";
    }
    std::exchange(out_.application_data, {}).each([](ByteView data) { std::cout << text_of(data) << std::flush; });
  }

  void read_input() {
    std::array<std::uint8_t, 16384> buffer;
    const std::size_t id_bytes = client_.negotiated().peer_connection_id.size();
    const std::size_t room_bytes = options_.datagram_bytes_max - protection_bytes_max - id_bytes - (id_bytes == 0 ? 0 : 1);
    const IoResult read = read_some(STDIN_FILENO, MutableBytes(buffer).first(std::min(buffer.size(), room_bytes)));
    if (read.how == IoResult::How::nothing_yet) return;
    is_input_open_ = read.how == IoResult::How::bytes;
    if (is_input_open_) (void)client_.send(ByteView(buffer).first(read.bytes), out_);
    attend();
  }

  const ConnectOptions& options_;
  Descriptor socket_;
  DatagramClient client_;
  DatagramOutput out_;
  bool is_input_open_ = true, is_closed_ = false;
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
