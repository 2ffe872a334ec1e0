#include "harnesses/tool/tls/serve.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <list>
#include <map>
#include <memory>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/net/stop_signal.h"
#include "harnesses/tool/tls/session.h"
#include "harnesses/tool/tls/status_page.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

/// For tickets: 32 to 64 bytes, of the file or drawn.
Secret ticket_secret(const ServeOptions& options, Provider& provider) {
  constexpr std::size_t bytes_min = 32;
  Secret secret(bytes_min);
  if (options.ticket_secret_path.empty()) {
    if (!provider.random(secret.mutable_bytes())) throw UsageError("no randomness for a ticket secret");
    return secret;
  }
  const Descriptor file(open(options.ticket_secret_path.c_str(), O_RDONLY | O_CLOEXEC));
  secret = Secret(Secret::bytes_max);
  const IoResult read = read_some(file.get(), secret.mutable_bytes());
  if (read.how != IoResult::How::bytes || read.bytes < bytes_min)
    throw UsageError("no ticket secret of at least 32 bytes in " + options.ticket_secret_path);
  return Secret(secret.view().first(read.bytes));
}

std::shared_ptr<const ServerConfig> make_config(const ServeOptions& options) {
  if (options.certificate_paths.empty()) throw UsageError("--cert and --key are needed, at least one pair");
  auto config = std::make_shared<ServerConfig>();
  apply(options, *config);
  config->certificates = load_certificates(options.certificate_paths, options.key_paths);
  if (options.gives_tickets || !options.ticket_secret_path.empty())
    config->ticket_secret = ticket_secret(options, *config->provider);
  if (options.session_cache_size != 0) config->sessions = std::make_shared<SessionCache>(options.session_cache_size);
  if (options.handshake_timeout_ms != 0) config->handshake_timeout = Milliseconds{options.handshake_timeout_ms};
  if (options.idle_timeout_ms != 0) config->idle_timeout = Milliseconds{options.idle_timeout_ms};
  if (options.client_trust_path.empty()) return config;
  const auto verifier = trust_clients_path(options.client_trust_path);
  if (!verifier) throw UsageError(verifier.error().message);
  config->client_verifier = *verifier;
  config->client_authentication = options.client_authentication;
  return config;
}

struct Client {
  Session session;
  std::string address;
  Bytes source;           // which shares out what there is: see source_of
  std::string request{};  // for the status page: what came so far
  bool is_reported = false;
};

class Server {
 public:
  explicit Server(const ServeOptions& options)
      : options_(options), config_(make_config(options)), listener_(listen_on(parse_address(options.listen, "127.0.0.1"))) {}

  int run();

 private:
  bool is_full() const { return clients_.size() >= options_.connections_max; }
  bool is_listening() const { return listener_ && !resume_ && (!is_full() || std::ranges::any_of(clients_, &is_in_handshake)); }
  static bool is_in_handshake(const Client& client) { return client.session.is_in_handshake(); }
  std::vector<pollfd> wait();
  void stop();
  void accept_waiting();
  void make_room();
  void attend(Client& client);
  void greet(Client& client);
  void answer(Client& client, ByteView received);
  std::vector<std::string> describe_connection(Client& client) const;
  void report(Client& client);
  void log(const Client& client, const std::string& text) const { diagnostics().say(client.address + ": " + text); }

  const ServeOptions options_;
  const std::shared_ptr<const ServerConfig> config_;
  Descriptor listener_;
  std::list<Client> clients_;
  Counters counters_;
  std::optional<Clock::time_point> resume_;   // when to accept again, if descriptors have run out
  std::optional<Clock::time_point> stop_by_;  // set by a signal: what is not finished then is cut off
  StopSignal stop_signal_;
};

int Server::run() {
  std::cout << "listening on " + local_address(listener_) << std::endl;
  while ((listener_ || !clients_.empty()) && (!stop_by_ || Clock::now() < *stop_by_)) {
    const std::vector<pollfd> ready = wait();
    if (stop_signal_.was_received()) {
      if (stop_by_) break;  // a second signal: somebody is out of patience
      stop();
    }
    auto polled = ready.begin() + 1;
    for (Client& client : clients_) {
      if ((polled++)->revents != 0) client.session.on_ready(Reading::wanted);
      client.session.on_timeout();
      attend(client);
    }
    std::erase_if(clients_, [](const Client& client) { return client.session.is_finished(); });
    if (is_listening() && ready.front().revents != 0) accept_waiting();
  }
  diagnostics().say_last("tocsin: " + describe(counters_));
  return options_.is_once && counters_.failed > 0 ? 1 : 0;
}

void Server::stop() {
  stop_by_ = Clock::now() + timeouts_of(options_).linger;
  stop_signal_.forget();
  listener_ = {};
  for (Client& client : clients_) client.session.finish();
}

// The listener's entry comes first, then one for every client.
std::vector<pollfd> Server::wait() {
  if (resume_ && *resume_ <= Clock::now()) resume_.reset();
  std::vector<pollfd> polled{{is_listening() ? listener_.get() : -1, POLLIN, 0}};
  std::optional<Clock::time_point> deadline = stop_by_ ? stop_by_ : resume_;
  for (const Client& client : clients_) {
    const short events = client.session.poll_events(Reading::wanted);
    polled.push_back({events != 0 ? client.session.fd() : -1, events, 0});
    const auto due = client.session.deadline();
    if (due && (!deadline || *due < *deadline)) deadline = due;
  }
  stop_signal_.poll(polled, deadline);
  return polled;
}

void Server::accept_waiting() {
  while (is_listening()) {
    AcceptResult accepted = accept_from(listener_);
    if (!accepted.socket) {
      const int error = accepted.error;
      if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
        // The waiting connection stays where it is, and would wake us at once.
        resume_ = Clock::now() + std::chrono::milliseconds(100);
        diagnostics().say("tocsin: cannot accept: " + errno_text(error));
      }
      return;
    }
    ++counters_.accepted;
    if (is_full()) make_room();
    const auto make = options_.entry_point == EntryPoint::direct ? &Session::direct : &Session::acceptor;
    clients_.push_back({make(std::move(accepted.socket), timeouts_of(options_), config_, &current_time),
                        std::move(accepted.peer_address), std::move(accepted.source)});
    if (options_.is_once) listener_ = {};
  }
}

/// Whoever is slow, or says nothing, keeps nobody out: the oldest handshake gives way, of the sources that have most of them
/// under way. Who has completed one gives way to nobody.
void Server::make_room() {
  std::map<Bytes, std::size_t> under_way;
  std::size_t most = 0;
  for (const Client& client : clients_)
    if (is_in_handshake(client)) most = std::max(most, ++under_way[client.source]);
  const auto victim = std::ranges::find_if(
      clients_, [&](const Client& client) { return is_in_handshake(client) && under_way[client.source] == most; });
  victim->session.give_way("gave way: there are too many connections, and its handshake is the oldest of its address");
  report(*victim);
  clients_.erase(victim);
}

void Server::attend(Client& client) {
  bool is_closed_by_peer = false;
  for (const Event event : client.session.take_events()) {
    if (event == Event::handshake_complete) greet(client);
    is_closed_by_peer = is_closed_by_peer || event == Event::peer_closed;
  }
  const Bytes received = client.session.take_application_data();
  if (!received.empty() && client.session.is_open()) answer(client, received);
  if (is_closed_by_peer && client.session.is_open()) client.session.finish();
  if (!client.session.problem().empty() && !client.is_reported) report(client);
}

void Server::greet(Client& client) {
  const Negotiated& negotiated = client.session.connection()->negotiated();
  ++counters_.completed;
  if (negotiated.retried) ++counters_.retried;
  if (negotiated.resumed) ++counters_.resumed;
  if (!options_.is_verbose) return;
  std::string text = "handshake complete";
  for (const std::string& line : describe_connection(client)) text.append("; ").append(line);
  log(client, text);
}

std::vector<std::string> Server::describe_connection(Client& client) const {
  std::string exported;
  if (!options_.export_label.empty()) {
    exported = client.session.export_keying_material(options_.export_label, options_.export_bytes);
  }
  return describe(client.session.connection()->negotiated(), exported);
}

void Server::answer(Client& client, ByteView received) {
  switch (options_.service) {
    case Service::discard:
      return;
    case Service::echo:
      client.session.send(received);
      return;
    case Service::status_page:
      break;
  }
  client.request.append(text_of(received));
  std::vector<std::string> page = describe_connection(client);
  page.push_back("accepted by way of: " + std::string(options_.entry_point == EntryPoint::direct ? "direct" : "acceptor"));
  page.push_back("this server: " + describe(counters_) + describe_dropped(diagnostics().dropped()));
  const std::string response = respond(client.request, page);
  if (response.empty()) return;
  client.session.send(bytes_of(response));
  client.session.finish();
}

void Server::report(Client& client) {
  client.is_reported = true;
  ++counters_.failed;
  log(client, client.session.problem());
}

}  // namespace

int serve(const ServeOptions& options) {
  return options.is_dtls ? serve_dtls(options, make_config(options)) : Server(options).run();
}

}  // namespace tocsin::tool
