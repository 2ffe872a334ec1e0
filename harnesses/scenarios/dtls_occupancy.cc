// A Listener with little room, and clients that come, vanish, speak and fall silent: whom it keeps, and for how long.
#include <algorithm>
#include <array>
#include <optional>

#include "core/base/reader.h"
#include "harnesses/checkers/checked_listener.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

constexpr std::size_t addresses = 6, room = 3, share = 2, steps_max = 64;
constexpr Milliseconds idle_timeout{10'000}, handshake_timeout{20'000}, long_enough{600'000};

enum class Act : std::uint8_t { begins, exchanges, speaks, is_lost, closes, is_closed, time_passes, is_spoken_to };

Now at(Instant instant) { return {instant, stacks::peers_now}; }
PeerAddress address(std::size_t number) { return {192, 0, 2, static_cast<std::uint8_t>(number)}; }
/// Of four addresses, or of two.
std::size_t source_of(std::size_t number) { return number / 4; }

struct Client {
  DatagramOutput out{};
  std::optional<DatagramClient> client{};
  bool is_settled = false;  // at the listener, by what that has told
  std::optional<Instant> heard_surely{}, heard_perhaps{};
};

class Occupancy {
 public:
  explicit Occupancy(const Input& input) {
    ServerConfig config = deterministic_server(input);
    config.client_authentication = ClientAuthentication::none;
    config.limits.associations_max = room;
    config.idle_timeout = idle_timeout;
    if (input.option(Tag::entry_point, 0) % 2 == 0) config.handshake_timeout = handshake_timeout;
    has_sources_ = input.option(Tag::entry_point, 0) / 2 % 2 != 0;
    if (has_sources_) config.limits.associations_per_source_max = share;
    config.limits.peer_flight_ms_max = static_cast<std::uint32_t>(count(handshake_timeout));
    ClientConfig client = deterministic_client(input);
    client.connection_id_bytes = input.option(Tag::client_connection_id, 0) % 2 == 0 ? 0 : 5;
    if (const std::uint8_t drawn = input.option(Tag::server_connection_id, 0) % 16; drawn != 0)
      config.connection_id_bytes = static_cast<std::uint8_t>(drawn + 3);
    config.cipher_suites = client.cipher_suites = {CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256};
    client_config_ = std::make_shared<const ClientConfig>(std::move(client));
    listener_ = std::move(*Listener::make(std::make_shared<const ServerConfig>(std::move(config))));
    ListenerCallbacks callbacks{.on_discard = [](const PeerAddress&, const DiscardSeen& seen) {
      emit([&] { return NoteEvent{"listener", "discards: " + std::string(name_of(seen.why))}; });
    }};
    if (has_sources_)
      callbacks.source_of = [](const PeerAddress& of) { return Bytes{static_cast<std::uint8_t>(source_of(of[3]))}; };
    (void)listener_->set_callbacks(std::move(callbacks));
  }

  void run(Reader script) {
    for (std::size_t step = 0; step < steps_max && !script.empty(); ++step) {
      const std::uint8_t what = script.u8();
      const std::size_t who = (what >> 3) % addresses;
      if (static_cast<Act>(what & 7) == Act::time_passes)
        pass(Milliseconds{250 * std::int64_t{script.u8()}});
      else
        act(static_cast<Act>(what & 7), who);
    }
    pass(long_enough);
    check(Invariant::memory_is_bounded, listener_->peers() == 0 && listener_->connection_ids() == 0 && !listener_->deadline(),
          "something is kept for peers that have been silent for long");
  }

 private:
  void act(Act what, std::size_t who) {
    Client& one = clients_[who];
    emit([&] { return NoteEvent{"client " + std::to_string(who), "act " + std::to_string(static_cast<int>(what))}; });
    switch (what) {
      case Act::begins: {
        one.out = {};
        auto started = DatagramClient::start(client_config_, deterministic_name, at(now_), one.out);
        if (started) one.client = std::move(*started);
        if (!started) finding(started.error().describe());
        break;
      }
      case Act::exchanges:
        exchange(who);
        break;
      case Act::speaks:
        if (one.client) (void)one.client->send(bytes_of("x"), one.out);
        break;
      case Act::is_lost:
        one.out.to_peer.clear();
        break;
      case Act::closes:
        if (one.client) (void)one.client->close(one.out);
        break;
      case Act::is_closed:
        (void)listener_->close(address(who), at(now_), out_);
        one.is_settled = false;
        attend();
        break;
      case Act::is_spoken_to:
        (void)listener_->send(address(who), bytes_of("y"), out_);
        attend();
        break;
      case Act::time_passes:
        break;
    }
  }

  void exchange(std::size_t who) {
    Client& one = clients_[who];
    std::exchange(one.out.to_peer, {}).each([&](ByteView datagram) {
      one.heard_perhaps = now_;
      emit([&] { return CallEvent{"listener", "receive", datagram}; });
      listener_->receive(datagram, address(who), at(now_), out_);
      attend();
    });
    for (const auto& addressed : std::exchange(to_clients_[who], {}))
      if (one.client) (void)one.client->receive(addressed, at(now_), one.out);
  }

  void pass(Milliseconds span) {
    const Instant end = now_ + span;
    for (int calls = 0; listener_->deadline() && *listener_->deadline() <= end; ++calls) {
      if (calls > 1000) finding("deadlines do not move on");
      now_ = std::max(now_, *listener_->deadline());
      listener_->on_timeout(at(now_), out_);
      attend();
    }
    now_ = end;
    for (const Client& one : clients_)
      check(Invariant::memory_is_bounded, !one.is_settled || !one.heard_perhaps || now_ - *one.heard_perhaps < idle_timeout,
            "an association is kept though its peer is silent");
  }

  void attend() {
    for (auto& addressed : std::exchange(out_.to_peers, {}))
      to_clients_[addressed.peer[3] % addresses].push_back(addressed.datagram);
    for (const auto& told : std::exchange(out_.told, {})) take(told, clients_[told.peer[3] % addresses]);
    for (std::size_t who = 0; who < addresses; ++who)
      check(Invariant::memory_is_bounded, !clients_[who].is_settled || listener_->negotiated(address(who)) != nullptr,
            "an association is gone without a word");
    check(Invariant::memory_is_bounded, listener_->peers() <= room, "more peers are kept than the limit allows");
    if (has_sources_) check_shares();
    check(Invariant::memory_is_bounded, listener_->peers() == 0 || listener_->deadline(), "a peer is kept without a deadline");
  }

  void check_shares() const {
    std::array<std::size_t, 2> settled{};
    for (std::size_t who = 0; who < addresses; ++who)
      if (listener_->negotiated(address(who)) != nullptr) ++settled[source_of(who)];
    check(Invariant::memory_is_bounded, settled[0] <= share && settled[1] <= share, "a source has more than its share");
  }

  void take(const ListenerOutput::Told& told, Client& one) {
    emit([&] { return NoteEvent{"listener", describe(told)}; });
    if (std::holds_alternative<Bytes>(told.what)) one.heard_surely = now_;
    if (std::holds_alternative<Error>(told.what) && listener_->negotiated(told.peer) == nullptr) one.is_settled = false;
    const auto* event = std::get_if<ListenerEvent>(&told.what);
    if (event == nullptr) return;
    switch (*event) {
      case ListenerEvent::handshake_complete:
        one.is_settled = true;
        one.heard_surely = now_;
        return;
      case ListenerEvent::idle:
        check(Invariant::memory_is_bounded, !one.heard_surely || now_ - *one.heard_surely >= idle_timeout,
              "a peer that was heard is called idle");
        one.is_settled = false;
        return;
      case ListenerEvent::evicted:
        check(Invariant::memory_is_bounded, !one.is_settled, "an association makes room for a handshake");
        return;
      case ListenerEvent::peer_closed:
      case ListenerEvent::late_close_notify:
      case ListenerEvent::replaced:
        return;
    }
  }

  std::shared_ptr<const ClientConfig> client_config_;
  bool has_sources_ = false;
  std::optional<Listener> listener_;
  ListenerOutput out_;
  std::array<Client, addresses> clients_;
  std::array<std::vector<Bytes>, addresses> to_clients_;
  Instant now_{1000};
};

}  // namespace

void scenarios::dtls_occupancy(ByteView bytes) {
  const Input input(bytes);
  Occupancy(input).run(Reader(input.body()));
}

}  // namespace tocsin::harness
