#include "harnesses/tool/tls/connect.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/tls/session.h"
#include "harnesses/tool/tls/session_file.h"
#include "harnesses/tool/tls/status_page.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

// poll(2) promises room for this much in a pipe, so a blocking write of it does not block.
constexpr std::size_t stdout_write_bytes = 4096;
constexpr std::size_t unwritten_bytes_max = 65536;

std::shared_ptr<const CertificateVerifier> make_verifier(const ConnectOptions& options) {
  if (options.trust == Trust::anyone) return insecure_trust_anyone();
  const auto verifier = options.trust == Trust::path ? trust_path(options.trust_path) : trust_system_store();
  if (!verifier) throw UsageError(verifier.error().message);
  return *verifier;
}

std::shared_ptr<const ClientConfig> make_config(const ConnectOptions& options) {
  auto config = std::make_shared<ClientConfig>();
  apply(options, *config);
  config->verifier = make_verifier(options);
  config->certificates = load_certificates(options.certificate_paths, options.key_paths);
  config->key_shares = options.key_shares;
  if (!options.session_path.empty()) config->sessions = open_session_file(options.session_path);
  return config;
}

// The name that is asked for. A dot at its end says that it is complete, and stands in no certificate and no server_name (RFC
// 6066 3).
std::string name_of_server(const ConnectOptions& options) {
  std::string name = options.server_name.empty() ? parse_address(options.address).host : options.server_name;
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return name;
}

class Relay {
 public:
  Relay(const ConnectOptions& options, Session session) : options_(options), session_(std::move(session)) {}

  int run();

 private:
  void wait_and_move();
  void attend();
  void greet();
  void end_with_peer();
  void read_stdin();
  void write_stdout();
  Reading reading() const { return unwritten_.size() < unwritten_bytes_max ? Reading::wanted : Reading::paused; }
  bool wants_stdin() const { return is_stdin_open_ && is_complete_ && session_.is_open() && !session_.is_backed_up(); }

  const ConnectOptions& options_;
  Session session_;
  Bytes unwritten_;
  bool is_complete_ = false;
  bool is_stdin_open_ = true;
  bool is_stdout_open_ = true;
};

int Relay::run() {
  attend();  // the client may have failed before it began
  while (!session_.is_finished() || !unwritten_.empty()) wait_and_move();
  if (session_.problem().empty()) return is_stdout_open_ ? 0 : 1;
  diagnostics().say_last("tocsin: " + session_.problem());
  return 1;
}

void Relay::wait_and_move() {
  const short events = session_.poll_events(reading());
  std::array<pollfd, 3> polled{{{events != 0 ? session_.fd() : -1, events, 0},
                                {wants_stdin() ? STDIN_FILENO : -1, POLLIN, 0},
                                {unwritten_.empty() ? -1 : STDOUT_FILENO, POLLOUT, 0}}};
  if (poll(polled.data(), polled.size(), poll_timeout_ms(session_.deadline())) < 0) return;
  if (polled[0].revents != 0) session_.on_ready(reading());
  session_.on_timeout();
  attend();
  if (polled[1].revents != 0 && session_.is_open()) read_stdin();
  if (polled[2].revents != 0) write_stdout();
}

void Relay::attend() {
  bool is_closed_by_peer = false;
  for (const Event event : session_.take_events()) {
    if (event == Event::handshake_complete) greet();
    is_closed_by_peer = is_closed_by_peer || event == Event::peer_closed;
  }
  if (is_stdout_open_) append(unwritten_, session_.take_application_data());
  if (is_closed_by_peer && session_.is_open()) end_with_peer();
}

// What waits now, on our side of the transport or in standard input, the server has not taken. A terminal at which nobody types
// has nothing waiting.
void Relay::end_with_peer() {
  std::array<std::uint8_t, 1> more;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const bool has_input = is_stdin_open_ && poll(&input, 1, 0) > 0 && read_some(STDIN_FILENO, more).how == IoResult::How::bytes;
  if (has_input || session_.has_unsent()) {
    session_.cut_off("the server closed the connection before it took all of the input");
  } else {
    session_.finish();
  }
}

void Relay::greet() {
  is_complete_ = true;
  std::string exported;
  if (!options_.export_label.empty()) exported = session_.export_keying_material(options_.export_label, options_.export_bytes);
  if (options_.is_verbose || !exported.empty()) {
    for (const std::string& line : describe(session_.connection()->negotiated(), exported)) diagnostics().say(line);
  }
  if (options_.is_updating_keys) session_.update_keys(KeyUpdateRequest::update_requested);
}

void Relay::read_stdin() {
  std::array<std::uint8_t, 16384> buffer;
  const IoResult read = read_some(STDIN_FILENO, buffer);
  if (read.how == IoResult::How::nothing_yet) return;
  if (read.how == IoResult::How::bytes) {
    session_.send(ByteView(buffer).first(read.bytes));
    return;
  }
  is_stdin_open_ = false;
  if (read.how == IoResult::How::broken) {
    session_.cut_off("cannot read standard input: " + read.error.text);
  } else if (!options_.is_waiting) {
    session_.close_writing();
  }
}

void Relay::write_stdout() {
  const IoResult written =
      write_some(STDOUT_FILENO, ByteView(unwritten_).first(std::min(unwritten_.size(), stdout_write_bytes)));
  unwritten_.erase(unwritten_.begin(), unwritten_.begin() + static_cast<std::ptrdiff_t>(written.bytes));
  if (written.how != IoResult::How::broken) return;
  diagnostics().say("tocsin: cannot write to standard output: " + written.error.text);
  is_stdout_open_ = false;
  unwritten_.clear();
  session_.finish();
}

}  // namespace

int connect(const ConnectOptions& options) {
  const auto config = make_config(options);
  const std::string name = name_of_server(options);
  if (options.is_dtls) return connect_dtls(options, config, name);
  const Timeouts timeouts = timeouts_of(options);
  const Address address = parse_address(options.address);
  Descriptor socket = connect_to(address, timeouts.handshake);
  return Relay(options, Session::client(std::move(socket), timeouts, config, name, &current_time)).run();
}

}  // namespace tocsin::tool
