#include "harnesses/bench/tocsin_datagram_pair.h"

#include <limits>

#include "harnesses/bench/keys.h"

namespace tocsin::bench {
namespace {

constexpr int no_limit = std::numeric_limits<int>::max();

void empty(DatagramOutput& out) { out.clear(); }
void empty(ListenerOutput& out) {
  out.to_peers.clear();
  out.told.clear();
}

Listener new_listener(const TocsinConfigs& configs) {
  auto listener = Listener::make(configs.server);
  must(bool{listener});
  return std::move(*listener);
}

}  // namespace

TocsinDatagramPair::TocsinDatagramPair(std::size_t certificates_kept_max)
    : configs_(tocsin_configs(ProtocolVersion::dtls12, certificates_kept_max)), listener_(new_listener(configs_)) {}

/// A client begins, and so many of its flights reach the Listener.
void TocsinDatagramPair::meet(int flights_max) {
  empty(to_server_);
  auto client = DatagramClient::start(configs_.client, server_name, year_2026, to_server_);
  must(bool{client});
  client_ = std::move(*client);
  for (int flight = 0; flight < flights_max && !to_server_.to_peer.empty(); ++flight) {
    empty(to_clients_);
    to_server_.to_peer.each([&](ByteView datagram) { listener_->receive(datagram, address_, year_2026, to_clients_); });
    empty(to_server_);
    for (const auto& [peer, datagram] : to_clients_.to_peers) must(bool{client_->receive(datagram, year_2026, to_server_)});
  }
}

void TocsinDatagramPair::handshake() {
  listener_ = new_listener(configs_);
  address_ = {192, 0, 2, 1, 0x11, 0x51};
  meet(no_limit);
  must(client_->is_handshake_complete() && listener_->negotiated(address_) != nullptr);
}

std::uint16_t TocsinDatagramPair::add_peer(int flights_max) {
  ++peers_;
  address_ = {192, 0, 2, 1, static_cast<std::uint8_t>(peers_ >> 8), static_cast<std::uint8_t>(peers_)};
  meet(flights_max);
  empty(to_clients_);
  return peers_;
}

std::uint16_t TocsinDatagramPair::peer_established() {
  const std::uint16_t peer = add_peer(no_limit);
  transfer(bytes_of("a request"));
  must(bool{listener_->send(address_, bytes_of("an answer"), to_clients_)});
  client_.reset();
  return peer;
}

void TocsinDatagramPair::transfer(ByteView data) {
  empty(to_server_);
  empty(to_clients_);
  must(bool{client_->send(data, to_server_)});
  to_server_.to_peer.each([&](ByteView datagram) { listener_->receive(datagram, address_, year_2026, to_clients_); });
  const auto* received = to_clients_.told.size() == 1 ? std::get_if<Bytes>(&to_clients_.told[0].what) : nullptr;
  must(received != nullptr && received->size() == data.size());
}

}  // namespace tocsin::bench
