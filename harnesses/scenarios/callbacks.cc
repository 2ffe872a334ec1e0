// Ends whose callbacks do what the input says: call any object, also the one that calls them, destroy it, move it, replace it,
// throw.
#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harnesses/provider/calling_provider.h"
#include "harnesses/provider/deterministic_provider.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"
#include "tocsin/listener.h"
#include "tocsin/stream.h"

namespace tocsin::harness {
namespace {

/// What a callback does, in the low bits of a byte of the body; the high ones say to whom.
enum class Act : std::uint8_t {
  nothing,
  throw_up,
  receive,
  end,
  send,
  close,
  update,
  export_keys,
  destroy,
  move,
  replace,
  clear
};
constexpr unsigned acts = 12;
constexpr int depth_max = 3;  // of callbacks in the calls of callbacks

bool is_refused(const Error& error) { return error == Error(Misuse::called_from_callback); }
bool is_refused(const StreamError& error) { return error.tls() != nullptr && is_refused(*error.tls()); }
template <class T, class E>
bool is_refused(const Result<T, E>& result) {
  return !result && is_refused(result.error());
}

void note(const Error& error) { note_refusal(error); }
void note(const StreamError& error) {
  if (error.tls() != nullptr) note_refusal(*error.tls());
}
template <class T, class E>
void note(const Result<T, E>& result) {
  if (!result) note(result.error());
}

/// A public object, and whether one of its calls runs.
template <class Object>
class Slot {
 public:
  explicit operator bool() const { return object_.has_value(); }
  const Object* operator->() const { return &*object_; }
  void put(Object object) {
    take_out();
    object_.emplace(std::move(object));
  }
  void destroy() {
    std::optional<Object> gone;
    gone.swap(object_);  // it goes when nothing is said to be here any more: that, too, calls back
    begin_anew();
  }
  void take_out() {
    if (object_) parked_.push_back(std::make_unique<Object>(std::move(*object_)));
    destroy();
  }
  /// Calls it with the object, if there is one. A finding if the call is refused though none was running, or the reverse.
  template <class Call>
  void call(Call&& call) {
    if (!object_) return;
    const unsigned generation = generation_;
    const bool was_running = std::exchange(is_running_, true);
    if constexpr (std::is_void_v<std::invoke_result_t<Call, Object&>>) {
      std::forward<Call>(call)(*object_);
      if (generation == generation_) is_running_ = was_running;
      return;
    } else {
      const auto result = std::forward<Call>(call)(*object_);
      if (generation == generation_) is_running_ = was_running;
      note(result);
      check_refusal(is_refused(result), was_running);
    }
  }

 private:
  static void check_refusal(bool refused, bool was_running) {
    check(Invariant::callbacks_are_contained, refused == was_running,
          refused ? "a call that no callback made was refused" : "a callback called the object that it was called by");
  }
  void begin_anew() {
    ++generation_;
    is_running_ = false;
  }
  std::optional<Object> object_;
  std::vector<std::unique_ptr<Object>> parked_;  // what was moved away lives on
  unsigned generation_ = 0;
  bool is_running_ = false;
};

class World {
 public:
  explicit World(const Input& input) : input_(input), script_(input.body()) {
    client_config_ = std::make_shared<ClientConfig>(configured(deterministic_client(input)));
    server_config_ = std::make_shared<ServerConfig>(configured(deterministic_server(input)));
    const CallBack call = [this] { called_back(); };
    client_config_->verifier = make_calling_verifier(client_config_->verifier, call);
    if (server_config_->client_verifier)
      server_config_->client_verifier = make_calling_verifier(server_config_->client_verifier, call);
    for (CommonConfig* config :
         {static_cast<CommonConfig*>(client_config_.get()), static_cast<CommonConfig*>(server_config_.get())})
      config->sessions = make_calling_store(std::make_shared<SessionCache>(), call);
    for (auto* certificates : {&client_config_->certificates, &server_config_->certificates})
      for (auto& certificate : *certificates) certificate = calling_certified_key(*certificate, call);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void run() {
    for (unsigned who = 0; who < objects; ++who) replace(who);
    for (int round = 0; round < 8; ++round) {
      move_records();
      move_datagrams();
      if (round == 2) serve_stream();
      if (round != 4) continue;
      for (unsigned who = 0; who < objects; ++who) act(Act::send, who);
    }
    for (unsigned who = 0; who < objects; ++who) act(Act::close, who);
    move_records();
    move_datagrams();
    for (unsigned who = 0; who < objects; ++who) act(Act::destroy, who);
    check_honest_handshake();
  }

 private:
  static constexpr unsigned objects = 5;  // client, server, datagram client, listener, stream

  template <class Config>
  Config configured(Config config) {
    config.provider = make_calling_provider(config.provider, [this] { called_back(); });
    config.key_log = [this](std::string_view) { called_back(); };
    config.connection_id_bytes = 4;
    // The ends of DTLS need a suite, whatever versions the input names.
    const auto is_of_tls12 = [](CipherSuite suite) { return version_of(suite) == ProtocolVersion::tls12; };
    if (std::ranges::none_of(config.cipher_suites, is_of_tls12))
      config.cipher_suites.push_back(CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256);
    config.on_broken_invariant = [this](Invariant invariant) {
      called_back();
      broken(invariant, "noticed inside");
    };
    return config;
  }

  /// What every callback does.
  void called_back() {
    if (script_.empty() || depth_ == depth_max) return;
    const std::uint8_t byte = script_.front();
    script_ = script_.subspan(1);
    struct Deeper {
      explicit Deeper(int& of) : depth(of) { ++depth; }
      ~Deeper() { --depth; }
      int& depth;
    } const deeper(depth_);
    emit([&] { return NoteEvent{"callback", "does " + std::to_string(byte % 16) + " to " + std::to_string(byte / 16)}; });
    const auto act_of = static_cast<Act>(byte % 16 % acts);
    if (act_of == Act::throw_up) throw std::runtime_error("a callback");
    act(act_of, byte / 16u % objects);
  }

  void act(Act what, unsigned whom) {
    switch (whom) {
      case 0:
        return act_on(what, client_, client_out_, whom);
      case 1:
        return act_on(what, server_, server_out_, whom);
      case 2:
        return act_on(what, datagrams_, datagrams_out_, whom);
      case 3:
        return act_on_listener(what);
      default:
        return act_on_stream(what);
    }
  }

  /// What connections over streams and datagrams do alike.
  template <class Object, class Out>
  void act_on(Act what, Slot<Object>& slot, Out& out, unsigned whom) {
    std::array<std::uint8_t, 32> key{};
    constexpr bool is_stream = std::is_same_v<Object, Connection>;
    switch (what) {
      case Act::receive:
        return slot.call([&](Object& object) { return object.receive(input_.body(), now(), out); });
      case Act::end:
        return slot.call([&](Object& object) {
          if constexpr (is_stream)
            return object.receive_end_of_stream(out);
          else
            return object.on_timeout(now(), out);
        });
      case Act::send:  // its own output, for once
        return slot.call([&](Object& object) {
          if constexpr (is_stream)
            return object.send(some(out.to_peer), out);
          else
            return object.send(some(out.to_peer.bytes), out);
        });
      case Act::close:
        return slot.call([&](Object& object) { return object.close(out); });
      case Act::update:
        return slot.call([&](Object& object) {
          (void)object.negotiated();
          (void)object.failure();
          if constexpr (is_stream)
            return object.update_keys(KeyUpdateRequest::update_requested, out);
          else
            return object.close(out);
        });
      case Act::export_keys:
        return slot.call([&](Object& object) { return object.export_keying_material("EXPORTER-x", input_.body(), key, out); });
      case Act::destroy:
        return slot.destroy();
      case Act::move:
        return slot.take_out();
      case Act::replace:
        return replace(whom);
      case Act::clear:
        out = {};
        return;
      case Act::nothing:
      case Act::throw_up:
        return;
    }
  }

  void act_on_listener(Act what) {
    std::array<std::uint8_t, 32> key{};
    switch (what) {
      case Act::receive:
        return listener_.call([&](Listener& listener) { listener.receive(input_.body(), address_, now(), listener_out_); });
      case Act::send:
        return listener_.call([&](Listener& listener) { return listener.send(address_, some(input_.body()), listener_out_); });
      case Act::end:
      case Act::close:
        return listener_.call([&](Listener& listener) { return listener.close(address_, now(), listener_out_); });
      case Act::update:
        return listener_.call([&](Listener& listener) { return listener.set_callbacks(callbacks()); });
      case Act::export_keys:
        return listener_.call([&](Listener& listener) {
          return listener.export_keying_material(address_, "EXPORTER-x", {}, key, listener_out_);
        });
      case Act::destroy:
        return listener_.destroy();
      case Act::move:
        return listener_.take_out();
      case Act::replace:
        return replace(3);
      case Act::clear:
        listener_out_ = {};
        return;
      case Act::nothing:
      case Act::throw_up:
        return;
    }
  }

  void act_on_stream(Act what) {
    std::array<std::uint8_t, 32> bytes{};
    switch (what) {
      case Act::receive:
        return stream_.call([&](Stream& stream) { return stream.read(bytes); });
      case Act::end:
        return stream_.call([&](Stream& stream) { return stream.handshake(); });
      case Act::send:
        return stream_.call([&](Stream& stream) { return stream.write(input_.body()); });
      case Act::close:
        return stream_.call([&](Stream& stream) { return stream.close(); });
      case Act::update:
        return stream_.call([&](Stream& stream) { return stream.update_keys(KeyUpdateRequest::update_not_requested); });
      case Act::export_keys:
        return stream_.call([&](Stream& stream) { return stream.export_keying_material("EXPORTER-x", {}, bytes); });
      case Act::destroy:
        return stream_.destroy();
      case Act::move:
        return stream_.take_out();
      case Act::replace:
        return replace(4);
      case Act::clear:
        to_stream_.clear();
        return;
      case Act::nothing:
      case Act::throw_up:
        return;
    }
  }

  void replace(unsigned whom) {
    switch (whom) {
      case 0:
        if (auto made = Connection::client(client_config_, deterministic_name, now(), client_out_))
          client_.put(std::move(*made));
        return;
      case 1:
        return server_.put(std::move(*Connection::server(server_config_)));
      case 2:
        if (auto made = DatagramClient::start(client_config_, deterministic_name, now(), datagrams_out_))
          datagrams_.put(std::move(*made));
        return;
      case 3:
        if (auto made = Listener::make(server_config_)) {
          (void)made->set_callbacks(callbacks());
          listener_.put(std::move(*made));
        }
        return;
      default:
        return stream_.put(
            Stream::server(transport(), [this](const Offer&) -> Result<std::shared_ptr<const ServerConfig>, Reason> {
              called_back();
              return std::shared_ptr<const ServerConfig>(server_config_);
            }));
    }
  }

  ListenerCallbacks callbacks() {
    return {.on_discard = [this](const PeerAddress&, const DiscardSeen&) { called_back(); },
            .may_change_address =
                [this](const PeerAddress&, const PeerAddress&) {
                  called_back();
                  return true;
                },
            .source_of =
                [this](const PeerAddress& address) {
                  called_back();
                  return address;
                }};
  }

  Transport transport() {
    return {[this](MutableBytes into) -> Transferred {
              called_back();
              const std::size_t bytes = std::min(into.size(), to_stream_.size());
              std::copy_n(to_stream_.begin(), bytes, into.begin());
              to_stream_.erase(to_stream_.begin(), to_stream_.begin() + static_cast<std::ptrdiff_t>(bytes));
              return bytes;
            },
            [this](ByteView from) -> Transferred {
              called_back();
              return from.size();
            },
            [this] {
              called_back();
              return now();
            }};
  }

  void move_records() {
    const Bytes to_server = std::exchange(client_out_.to_peer, {});
    server_.call([&](Connection& server) { return server.receive(to_server, now(), server_out_); });
    const Bytes to_client = std::exchange(server_out_.to_peer, {});
    client_.call([&](Connection& client) { return client.receive(to_client, now(), client_out_); });
  }

  void move_datagrams() {
    const Datagrams to_listener = std::exchange(datagrams_out_.to_peer, {});
    if (datagrams_ && datagrams_->is_handshake_complete()) address_ = {2};  // the id tells whose they are
    to_listener.each([&](ByteView datagram) {
      listener_.call([&](Listener& listener) { listener.receive(datagram, address_, now(), listener_out_); });
    });
    for (const auto& sent : std::exchange(listener_out_.to_peers, {}))
      datagrams_.call([&](DatagramClient& client) { return client.receive(sent.datagram, now(), datagrams_out_); });
  }

  void serve_stream() {
    Output hello;
    const auto client = Connection::client(client_config_, deterministic_name, now(), hello);
    append(to_stream_, hello.to_peer);
    stream_.call([&](Stream& stream) { return stream.handshake(); });
  }

  /// Whatever the callbacks did: what they share is as good as new.
  void check_honest_handshake() {
    script_ = {};
    Output client_out, server_out;
    auto client = Connection::client(client_config_, deterministic_name, now(), client_out);
    auto server = Connection::server(server_config_);
    check(Invariant::callbacks_are_contained, client && server, "no new connection can be made");
    for (int flight = 0; flight < 6; ++flight) {
      (void)server->receive(std::exchange(client_out.to_peer, {}), now(), server_out);
      (void)client->receive(std::exchange(server_out.to_peer, {}), now(), client_out);
    }
    const bool have_failed_alike = client->failure() != nullptr && server->failure() != nullptr;
    check(Invariant::callbacks_are_contained,
          (client->is_handshake_complete() && server->is_handshake_complete()) || have_failed_alike,
          "a later connection is stuck");
  }

  static ByteView some(ByteView of) { return of.first(std::min<std::size_t>(of.size(), 200)); }
  static Now now() { return {Instant{1000}, stacks::peers_now}; }

  const Input& input_;
  ByteView script_;
  int depth_ = 0;
  std::shared_ptr<ClientConfig> client_config_;
  std::shared_ptr<ServerConfig> server_config_;
  Output client_out_, server_out_;
  DatagramOutput datagrams_out_;
  ListenerOutput listener_out_;
  Bytes to_stream_;
  PeerAddress address_{1};
  Slot<Connection> client_, server_;
  Slot<DatagramClient> datagrams_;
  Slot<Listener> listener_;
  Slot<Stream> stream_;
};

}  // namespace

void scenarios::callbacks(ByteView bytes) {
  const Input input(bytes);
  try {
    World world(input);
    world.run();
  } catch (const std::exception& escaped) {
    broken(Invariant::callbacks_are_contained, std::string("an exception came through: ") + escaped.what());
  }
}

}  // namespace tocsin::harness
