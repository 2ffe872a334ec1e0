#include "harnesses/checkers/traced_peer.h"

#include <utility>

#include "harnesses/stacks/openssl/stack.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using stacks::AlertSeen;

class TracedPeer final : public stacks::Peer {
 public:
  TracedPeer(std::string name, const MakePeer& make) : name_(std::move(name)) {
    run("make", {}, [&] {
      peer_ = make([this](const stacks::ContentSeen& seen) {
        const auto direction = seen.is_sent ? PayloadEvent::Direction::sent : PayloadEvent::Direction::received;
        contents_.push_back({direction, seen.type, seen.is_protected, Bytes(seen.content.begin(), seen.content.end())});
      });
      return true;
    });
  }

  void receive(ByteView from_other_end) override {
    run("receive", from_other_end, [&] { return peer_->receive(from_other_end), is_well(); });
  }
  void receive_end_of_stream() override {
    run("receive_end_of_stream", {}, [&] { return peer_->receive_end_of_stream(), is_well(); });
  }
  Bytes take_output() override { return std::exchange(output_, {}); }
  bool send(ByteView application_data) override {
    return run("send", application_data, [&] { return peer_->send(application_data); });
  }
  Bytes take_application_data() override { return std::exchange(application_data_, {}); }
  bool update_keys(KeyUpdateRequest request) override {
    return run("update_keys", {}, [&] { return peer_->update_keys(request); });
  }
  bool close() override {
    return run("close", {}, [&] { return peer_->close(); });
  }
  std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override {
    std::optional<Bytes> key;
    run("export_keying_material", {}, [&] {
      key = peer_->export_keying_material(label, context, size_bytes);
      return key.has_value();
    });
    return key;
  }

  stacks::Status status() const override { return peer_->status(); }
  bool has_read_all() const override { return peer_->has_read_all(); }
  const Bytes& server_handshake_secret() const override { return peer_->server_handshake_secret(); }
  bool is_closed_by_other_end() const override { return peer_->is_closed_by_other_end(); }
  std::optional<AlertSeen> alert_sent() const override { return peer_->alert_sent(); }
  std::optional<AlertSeen> alert_received() const override { return peer_->alert_received(); }
  Negotiated negotiated() const override { return peer_->negotiated(); }
  std::string failure() const override { return peer_->failure(); }

  stacks::Peer& traced() { return *peer_; }

 private:
  bool is_well() const { return peer_->status() != stacks::Status::failed; }

  template <class Call>
  bool run(std::string_view call, ByteView input, Call&& what) {
    emit([&] { return CallEvent{name_, call, input}; });
    const bool is_ok = what();
    const Bytes sent = peer_->take_output(), delivered = peer_->take_application_data();
    append(output_, sent);
    append(application_data_, delivered);
    for (const Seen& seen : std::exchange(contents_, {}))
      emit([&] { return PayloadEvent{name_, seen.direction, seen.type, seen.is_protected, seen.content}; });
    emit([&] {
      ReturnEvent returned{name_, is_ok, sent, delivered};
      returned.failure = peer_->failure();
      returned.alert_sent = news(peer_->alert_sent(), alert_sent_);
      returned.alert_received = news(peer_->alert_received(), alert_received_);
      return returned;
    });
    return is_ok;
  }

  // An alert belongs to the call in which it came.
  static std::optional<AlertSeen> news(const std::optional<AlertSeen>& now, std::optional<AlertSeen>& before) {
    return std::exchange(before, now) == now ? std::nullopt : now;
  }

  struct Seen {
    PayloadEvent::Direction direction;
    std::uint8_t type;
    bool is_protected;
    Bytes content;
  };

  const std::string name_;
  std::vector<Seen> contents_;  // of the call
  std::unique_ptr<stacks::Peer> peer_;
  Bytes output_, application_data_;
  std::optional<AlertSeen> alert_sent_, alert_received_;
};

class TracedOpenSsl final : public stacks::OpenSslStack {
 public:
  std::unique_ptr<stacks::Peer> make(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed) override {
    return openssl_peer(role, config, seed);
  }
  std::unique_ptr<stacks::Peer> make_resuming(const stacks::PeerConfig& config, std::uint64_t seed,
                                              stacks::Peer& before) override {
    const auto& former = dynamic_cast<const stacks::OpenSslPeer&>(untraced(before));
    return openssl_peer(stacks::Role::client, config, seed, former.session().get());
  }
};

}  // namespace

std::unique_ptr<stacks::Peer> traced_peer(std::string name, const MakePeer& make) {
  return std::make_unique<TracedPeer>(std::move(name), make);
}

stacks::Peer& untraced(stacks::Peer& peer) {
  auto* const traced = dynamic_cast<TracedPeer*>(&peer);
  return traced != nullptr ? traced->traced() : peer;
}

stacks::Stack& openssl_stack() {
  static TracedOpenSsl stack;
  return stack;
}

std::unique_ptr<stacks::Peer> openssl_peer(stacks::Role role, const stacks::PeerConfig& config, std::uint64_t seed,
                                           SSL_SESSION* session) {
  const auto make = [&](const stacks::OpenSslPeer::Observer& observer) {
    return std::make_unique<stacks::OpenSslPeer>(role, config, seed, observer, session);
  };
  if (trace_sink == nullptr) return make({});
  return traced_peer(role == stacks::Role::server ? "OpenSSL server" : "OpenSSL client", make);
}

}  // namespace tocsin::harness
