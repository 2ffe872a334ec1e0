#include <iostream>
#include <map>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/clock.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/net/stop_signal.h"
#include "harnesses/tool/net/udp.h"
#include "harnesses/tool/tls/serve.h"
#include "harnesses/tool/tls/status_page.h"
#include "tocsin/listener.h"

namespace tocsin::tool {
namespace {

/// What a record needs beside its content, with every suite.
constexpr std::size_t protection_bytes_max = 13 + 24;

std::size_t piece_bytes_of(const ServeOptions& options, const Negotiated& negotiated) {
  const std::size_t id_bytes = negotiated.peer_connection_id.size();
  return options.datagram_bytes_max - protection_bytes_max - id_bytes - (id_bytes == 0 ? 0 : 1);
}

class DatagramServer {
 public:
  DatagramServer(const ServeOptions& options, std::shared_ptr<const ServerConfig> config)
      : options_(options),
        socket_(bind_datagrams(parse_address(options.listen, "127.0.0.1"))),
        listener_(make(std::move(config))) {
    ListenerCallbacks callbacks{.source_of = [](const PeerAddress& address) { return source_of_address(address); }};
    if (options.is_verbose)
      callbacks.on_discard = [](const PeerAddress& from, const DiscardSeen& seen) {
        diagnostics().say(text_of_address(from) + ": " + tool::describe(seen));
      };
    (void)listener_.set_callbacks(std::move(callbacks));
  }

  int run() {
    std::cout << "listening on " + local_address(socket_) << std::endl;
    while (!stop_signal_.was_received() && !is_done_) {
      std::vector<pollfd> polled{{socket_.get(), POLLIN, 0}};
      const auto due = listener_.deadline();
      stop_signal_.poll(polled, due ? std::optional(time_point_of(*due)) : std::nullopt);
      (void)receive_waiting(socket_, [this](const ReceivedDatagram& received) {
        listener_.receive(received.datagram, received.from, current_time(), out_);
        attend();
      });
      listener_.on_timeout(current_time(), out_);
      attend();
    }
    for (const auto& [peer, request] : requests_) (void)listener_.close(peer, current_time(), out_);
    flush();
    diagnostics().say_last(report());
    return options_.is_once && failed_ > 0 ? 1 : 0;
  }

 private:
  static Listener make(std::shared_ptr<const ServerConfig> config) {
    auto listener = Listener::make(std::move(config));
    if (!listener) throw UsageError(listener.error().describe());
    return std::move(*listener);
  }

  void flush() {
    for (const auto& addressed : std::exchange(out_.to_peers, {}))
      (void)send_datagram(socket_, addressed.datagram, addressed.peer);
  }

  void attend() {
    flush();
    for (auto& told : std::exchange(out_.told, {})) {
      if (const auto* event = std::get_if<ListenerEvent>(&told.what)) on_event(told.peer, *event);
      if (const auto* changed = std::get_if<AddressChanged>(&told.what)) on_address_changed(told.peer, changed->from);
      if (const auto* data = std::get_if<Bytes>(&told.what)) on_data(told.peer, *data);
      if (const auto* error = std::get_if<Error>(&told.what)) {
        ++failed_;
        requests_.erase(told.peer);
        log(told.peer, error->describe());
        is_done_ = options_.is_once;
      }
      flush();
    }
  }

  void on_event(const PeerAddress& peer, ListenerEvent event) {
    if (event == ListenerEvent::handshake_complete) {
      ++completed_;
      requests_[peer].clear();
      if (options_.is_verbose) {
        std::string text = "handshake complete";
        for (const std::string& line : describe(peer)) text.append("; ").append(line);
        log(peer, text);
      }
    }
    if (event == ListenerEvent::peer_closed) close(peer);
    if (event == ListenerEvent::idle) {
      ++idle_;
      forget(peer, "closed: nothing was received for too long");
    }
    if (event == ListenerEvent::evicted) {
      ++evicted_;
      forget(peer, "handshake forgotten: there are too many, and it is the oldest");
    }
    if (event == ListenerEvent::late_close_notify) {
      ++late_close_notify_;
      if (options_.is_verbose) log(peer, "late close_notify");
    }
  }

  void on_address_changed(const PeerAddress& peer, const PeerAddress& from) {
    if (auto request = requests_.extract(from)) {
      request.key() = peer;
      requests_.insert(std::move(request));
    }
    ++moved_;
    log(from, "is at " + text_of_address(peer) + " from now on");
  }

  std::vector<std::string> describe(const PeerAddress& peer) {
    std::string exported;
    if (!options_.export_label.empty()) {
      Bytes key(options_.export_bytes);
      if (listener_.export_keying_material(peer, options_.export_label, {}, key, out_)) exported = hex_of(key);
    }
    return tool::describe(*listener_.negotiated(peer), exported);
  }

  void on_data(const PeerAddress& peer, ByteView data) {
    if (listener_.negotiated(peer) == nullptr) return;
    if (options_.service == Service::echo) (void)listener_.send(peer, data, out_);
    if (options_.service != Service::status_page) return;
    std::string& request = requests_[peer];
    request.append(text_of(data));
    std::vector<std::string> page = describe(peer);
    page.push_back("this server: DTLS, " + std::to_string(listener_.peers()) + (listener_.peers() == 1 ? " peer" : " peers") +
                   describe_dropped(diagnostics().dropped()));
    const std::string response = respond(request, page);
    if (response.empty()) return;
    const std::size_t piece_bytes = piece_bytes_of(options_, *listener_.negotiated(peer));
    for (std::size_t at = 0; at < response.size(); at += piece_bytes)
      (void)listener_.send(peer, bytes_of(std::string_view(response).substr(at, piece_bytes)), out_);
    close(peer);
  }

  void close(const PeerAddress& peer) {
    if (!listener_.close(peer, current_time(), out_)) return;
    flush();
    forget(peer, "closed");
  }

  void forget(const PeerAddress& peer, const std::string& why) {
    requests_.erase(peer);
    log(peer, why);
    is_done_ = options_.is_once;
  }

  void log(const PeerAddress& peer, const std::string& text) const { diagnostics().say(text_of_address(peer) + ": " + text); }

  std::string report() const {
    std::uint64_t all = 0;
    std::string by_reason;
    for (std::size_t i = 0; i < listener_.discarded().size(); ++i) {
      const std::uint64_t count = listener_.discarded()[i];
      all += count;
      if (count != 0) by_reason += " " + std::string(name_of(static_cast<DiscardReason>(i))) + "=" + std::to_string(count);
    }
    return "tocsin: " + std::to_string(completed_) + (completed_ == 1 ? " handshake" : " handshakes") + " completed, " +
           std::to_string(failed_) + " failed, cookies sent: " + std::to_string(listener_.cookies_sent()) +
           ", idle: " + std::to_string(idle_) + ", evicted: " + std::to_string(evicted_) +
           ", late close_notify: " + std::to_string(late_close_notify_) + ", changes of address: " + std::to_string(moved_) +
           ", discarded: " + std::to_string(all) + by_reason;
  }

  const ServeOptions& options_;
  Descriptor socket_;
  Listener listener_;
  ListenerOutput out_;
  std::map<PeerAddress, std::string> requests_;  // of those that are connected
  std::uint64_t completed_ = 0, failed_ = 0, late_close_notify_ = 0, moved_ = 0, idle_ = 0, evicted_ = 0;
  bool is_done_ = false;
  StopSignal stop_signal_;
};

}  // namespace

int serve_dtls(const ServeOptions& options, std::shared_ptr<const ServerConfig> config) {
  return DatagramServer(options, std::move(config)).run();
}

}  // namespace tocsin::tool
