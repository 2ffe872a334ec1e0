#pragma once
// tocsin as a peer: a client, or a server by either of its ways in.
#include <functional>
#include <span>
#include <variant>

#include "harnesses/peers/deterministic_rand.h"
#include "harnesses/peers/peer.h"
#include "harnesses/peers/peer_config.h"
#include "tocsin/acceptor.h"

namespace tocsin::peers {

enum class WayIn : std::uint8_t { direct, acceptor };

/// What one call on the connection gave: for those who check invariants from outside.
struct CallSeen {
  const Outcome& outcome;
  ByteView to_peer, application_data;  // what this call alone appended
  std::span<const Event> events;
  const Connection* connection;  // nullptr while the server has no connection yet
};
using CallWatcher = std::function<void(const CallSeen&)>;

std::shared_ptr<const ServerConfig> tocsin_server_config(const PeerConfig& config);
std::shared_ptr<const ClientConfig> tocsin_client_config(const PeerConfig& config);

class TocsinPeer final : public Peer {
 public:
  /// seed: all randomness of this peer comes from it.
  static std::unique_ptr<TocsinPeer> server(const PeerConfig& config, std::uint64_t seed, WayIn way_in = WayIn::direct,
                                            CallWatcher watcher = {});
  /// Its ClientHello is in the output at once.
  static std::unique_ptr<TocsinPeer> client(const PeerConfig& config, std::uint64_t seed, CallWatcher watcher = {});

  void receive(ByteView from_other_end) override;
  void receive_end_of_stream() override;
  Bytes take_output() override { return std::exchange(output_.to_peer, {}); }
  bool send(ByteView application_data) override;
  Bytes take_application_data() override { return std::exchange(output_.application_data, {}); }
  bool update_keys(KeyUpdateRequest request) override;
  bool close() override;
  std::optional<Bytes> export_keying_material(std::string_view label, ByteView context, std::size_t size_bytes) override;

  Status status() const override;
  bool is_closed_by_other_end() const override { return connection() != nullptr && connection()->is_closed_by_peer(); }
  std::optional<AlertSeen> alert_sent() const override { return alert_sent_; }
  std::optional<AlertSeen> alert_received() const override;
  Negotiated negotiated() const override { return connection() != nullptr ? connection()->negotiated() : Negotiated{}; }
  std::string failure() const override { return error_ ? error_->describe() : ""; }

  /// The error that ended it, if one did.
  const std::optional<Error>& error() const { return error_; }

 private:
  /// A server whose ClientHello has not yet arrived, and what it will be configured with.
  struct Listening {
    Acceptor acceptor;
    std::shared_ptr<const ServerConfig> config;
  };
  using Way = std::variant<std::monostate, Listening, Connection>;

  TocsinPeer(Way way, std::uint64_t seed, CallWatcher watcher)
      : random_(seed), way_(std::move(way)), watcher_(std::move(watcher)) {}

  /// Runs one call on the library, under this peer's randomness, and notes what it gave.
  bool call(const std::function<Outcome(Output&)>& what);
  Outcome receive_by(Listening& listening, ByteView from_other_end, Output& out);
  const Connection* connection() const { return std::get_if<Connection>(&way_); }

  RandomStream random_;
  Way way_;
  CallWatcher watcher_;
  Output output_;
  std::optional<Error> error_;
  std::optional<AlertSeen> alert_sent_;
};

}  // namespace tocsin::peers
