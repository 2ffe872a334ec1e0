#pragma once
// tocsin's DTLS 1.2 as an endpoint: a DatagramClient, or a Listener.
#include <map>
#include <memory>

#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/endpoint.h"
#include "harnesses/stacks/peer_config.h"
#include "tocsin/listener.h"

namespace tocsin::stacks {

/// Times of endpoints as tocsin has them, and back. Its date is that of all peers.
inline Now at(Time now) { return {Instant{std::chrono::floor<std::chrono::milliseconds>(now).count()}, peers_now}; }
inline Time time_of(Instant at) { return std::chrono::milliseconds(static_cast<std::int64_t>(at)); }

class TocsinClientEndpoint final : public Endpoint {
 public:
  TocsinClientEndpoint(const PeerConfig& config, std::uint64_t seed, Address server, Time now = {});

  void receive(ByteView datagram, Address from, Time now) override;
  std::optional<Time> deadline() const override;
  void on_timeout(Time now) override;
  std::vector<Datagram> take_output() override;
  bool send(Address peer, ByteView application_data, Time now) override;
  bool close(Address peer, Time now) override;
  std::vector<Bytes> take_application_data(Address peer) override;
  Status status(Address peer) const override;
  bool is_closed_by(Address peer) const override;
  std::optional<Bytes> export_keying_material(Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;
  Negotiated negotiated(Address peer) const override;
  std::string failure(Address peer) const override;

 private:
  RandomStream random_;
  Address server_;
  std::optional<DatagramClient> client_;
  std::optional<Error> not_started_;
  DatagramOutput out_;
};

class TocsinServerEndpoint final : public Endpoint {
 public:
  TocsinServerEndpoint(const PeerConfig& config, std::uint64_t seed);

  void receive(ByteView datagram, Address from, Time now) override;
  std::optional<Time> deadline() const override;
  void on_timeout(Time now) override;
  std::vector<Datagram> take_output() override;
  bool send(Address peer, ByteView application_data, Time now) override;
  bool close(Address peer, Time now) override;
  std::vector<Bytes> take_application_data(Address peer) override;
  Status status(Address peer) const override;
  bool is_closed_by(Address peer) const override;
  std::optional<Bytes> export_keying_material(Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;
  Negotiated negotiated(Address peer) const override;
  std::string failure(Address peer) const override;

  const Listener& listener() const { return *listener_; }

 private:
  struct Seen {
    std::vector<Bytes> data;
    bool is_closed = false;
    std::optional<Error> failure;
  };
  void take_told();

  RandomStream random_;
  std::optional<Listener> listener_;
  ListenerOutput out_;
  std::map<Address, Seen> seen_;
};

}  // namespace tocsin::stacks
