#pragma once
// tocsin as a peer, on any class with TocsinConnection's functions.
#include <utility>

#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/key_log.h"
#include "harnesses/stacks/peer.h"
#include "harnesses/stacks/tocsin/connection.h"

namespace tocsin::stacks {

/// The alert at the end of what a failing call sent; nothing if there is none. A protected record shows only that it may be
/// one: then the description is the one that belongs to the Reason.
std::optional<AlertSeen> last_alert(ByteView sent, Reason why);

template <class End>
class TocsinPeer final : public Peer {
 public:
  /// seed: all randomness of this peer comes from it. make(out, key_log) gives a std::unique_ptr<End> whose configuration has
  /// this key_log; a client's ClientHello is then in out.
  template <class Make>
  TocsinPeer(std::uint64_t seed, Make&& make) : random_(seed) {
    const UseRandomStream use(random_);
    end_ = make(output_, [this](std::string_view line) {
      Bytes secret = secret_in(line, "SERVER_HANDSHAKE_TRAFFIC_SECRET");
      if (!secret.empty()) server_handshake_secret_ = std::move(secret);
    });
  }

  void receive(ByteView from_other_end) override {
    call([&] { return end_->receive(from_other_end, output_); });
  }
  void receive_end_of_stream() override {
    call([&] { return end_->receive_end_of_stream(output_); });
  }
  Bytes take_output() override { return std::exchange(output_.to_peer, {}); }
  bool send(ByteView application_data) override {
    return end_->connection() != nullptr && call([&] { return end_->send(application_data, output_); });
  }
  Bytes take_application_data() override { return std::exchange(output_.application_data, {}); }
  bool update_keys(KeyUpdateRequest request) override {
    return end_->connection() != nullptr && call([&] { return end_->update_keys(request, output_); });
  }
  bool close() override {
    return end_->connection() != nullptr && call([&] { return end_->close(output_); });
  }
  std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override {
    Bytes key(size_bytes);
    if (end_->connection() == nullptr) return std::nullopt;
    if (!call([&] { return end_->export_keying_material(label, context, key, output_); })) return std::nullopt;
    return key;
  }

  Status status() const override {
    if (end_->error()) return Status::failed;
    return end_->connection() != nullptr && end_->connection()->is_handshake_complete() ? Status::complete
                                                                                        : Status::handshaking;
  }
  const Bytes& server_handshake_secret() const override { return server_handshake_secret_; }
  bool is_closed_by_other_end() const override {
    return end_->connection() != nullptr && end_->connection()->is_closed_by_peer();
  }
  std::optional<AlertSeen> alert_sent() const override { return alert_sent_; }
  std::optional<AlertSeen> alert_received() const override {
    if (!end_->error() || end_->error()->peer_alert() == nullptr) return std::nullopt;
    return AlertSeen{0, static_cast<std::uint8_t>(end_->error()->peer_alert()->description), false};
  }
  Negotiated negotiated() const override {
    return end_->connection() != nullptr ? end_->connection()->negotiated() : Negotiated{};
  }
  std::string failure() const override { return end_->error() ? end_->error()->describe() : ""; }

  const End& end() const { return *end_; }

 private:
  template <class Call>
  bool call(Call&& what) {
    const UseRandomStream use(random_);
    const std::size_t sent_before_bytes = output_.to_peer.size();
    const bool was_well = !end_->error();
    const bool done = static_cast<bool>(what());
    if (was_well && end_->error() && end_->error()->fatal() != nullptr)
      alert_sent_ = last_alert(ByteView(output_.to_peer).subspan(sent_before_bytes), end_->error()->fatal()->why);
    return done;
  }

  RandomStream random_;
  Output output_;
  Bytes server_handshake_secret_;
  std::unique_ptr<End> end_;
  std::optional<AlertSeen> alert_sent_;
};

std::unique_ptr<Peer> tocsin_server(const PeerConfig& config, std::uint64_t seed, EntryPoint entry_point = EntryPoint::direct);
std::unique_ptr<Peer> tocsin_client(const PeerConfig& config, std::uint64_t seed);

}  // namespace tocsin::stacks
