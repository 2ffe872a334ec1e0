#include "harnesses/stacks/tocsin/endpoint.h"

#include <utility>

#include "harnesses/stacks/tocsin/connection.h"

namespace tocsin::stacks {
namespace {

PeerAddress bytes_of(Address address) {
  const auto number = static_cast<std::uint16_t>(address);
  return {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}
Address address_of(const PeerAddress& bytes) { return Address{static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1])}; }

template <class Config>
std::shared_ptr<const Config> for_dtls(Config config, const PeerConfig& from, std::optional<std::uint8_t> id_bytes) {
  config.cipher_suites = tls12_suites_of(from.cipher_suites);
  config.datagram_bytes_max = from.mtu_bytes;
  config.connection_id_bytes = id_bytes;
  return std::make_shared<const Config>(std::move(config));
}

std::vector<Bytes> copies_of(const Datagrams& datagrams) {
  std::vector<Bytes> copies;
  datagrams.each([&](ByteView datagram) { copies.emplace_back(datagram.begin(), datagram.end()); });
  return copies;
}

}  // namespace

TocsinClientEndpoint::TocsinClientEndpoint(const PeerConfig& config, std::uint64_t seed, Address server, Time now)
    : random_(seed), server_(server) {
  const UseRandomStream use(random_);
  auto made = DatagramClient::start(for_dtls(tocsin_client_config(config), config, config.client_connection_id_bytes),
                                    config.server_name, at(now), out_);
  if (made)
    client_ = std::move(*made);
  else
    not_started_ = made.error();
}

void TocsinClientEndpoint::receive(ByteView datagram, Address from, Time now) {
  const UseRandomStream use(random_);
  if (client_ && from == server_) (void)client_->receive(datagram, at(now), out_);
}

std::optional<Time> TocsinClientEndpoint::deadline() const {
  const auto at = client_ ? client_->deadline() : std::nullopt;
  return at ? std::optional(time_of(*at)) : std::nullopt;
}

void TocsinClientEndpoint::on_timeout(Time now) {
  const UseRandomStream use(random_);
  if (client_) (void)client_->on_timeout(at(now), out_);
}

std::vector<Datagram> TocsinClientEndpoint::take_output() {
  std::vector<Datagram> output;
  for (Bytes& datagram : copies_of(std::exchange(out_.to_peer, {}))) output.push_back({server_, std::move(datagram)});
  return output;
}

bool TocsinClientEndpoint::send(Address, ByteView application_data, Time) {
  const UseRandomStream use(random_);
  return client_ && client_->send(application_data, out_);
}

bool TocsinClientEndpoint::close(Address, Time) { return client_ && client_->close(out_); }

std::vector<Bytes> TocsinClientEndpoint::take_application_data(Address) {
  return copies_of(std::exchange(out_.application_data, {}));
}

Status TocsinClientEndpoint::status(Address) const {
  if (!client_ || client_->failure() != nullptr) return Status::failed;
  return client_->is_handshake_complete() ? Status::complete : Status::handshaking;
}

bool TocsinClientEndpoint::is_closed_by(Address) const { return client_ && client_->is_closed_by_peer(); }

std::optional<Bytes> TocsinClientEndpoint::export_keying_material(Address, std::string_view label,
                                                                  std::optional<ByteView> context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  if (!client_ || !client_->export_keying_material(label, context, key, out_)) return std::nullopt;
  return key;
}

Negotiated TocsinClientEndpoint::negotiated(Address) const { return client_ ? client_->negotiated() : Negotiated{}; }

std::string TocsinClientEndpoint::failure(Address) const {
  if (not_started_) return not_started_->describe();
  return client_->failure() != nullptr ? client_->failure()->describe() : "";
}

TocsinServerEndpoint::TocsinServerEndpoint(const PeerConfig& config, std::uint64_t seed) : random_(seed) {
  const UseRandomStream use(random_);
  auto made = Listener::make(for_dtls(tocsin_server_config(config), config, config.server_connection_id_bytes));
  if (made) listener_ = std::move(*made);
}

void TocsinServerEndpoint::take_told() {
  for (ListenerOutput::Told& told : std::exchange(out_.told, {})) {
    if (const auto* changed = std::get_if<AddressChanged>(&told.what)) {
      Seen moved = std::move(seen_[address_of(changed->from)]);
      seen_.erase(address_of(changed->from));
      seen_[address_of(told.peer)] = std::move(moved);
    }
    Seen& seen = seen_[address_of(told.peer)];
    if (auto* data = std::get_if<Bytes>(&told.what)) seen.data.push_back(std::move(*data));
    if (const auto* error = std::get_if<Error>(&told.what)) seen.failure = *error;
    const auto* event = std::get_if<ListenerEvent>(&told.what);
    if (event == nullptr) continue;
    if (*event == ListenerEvent::peer_closed || *event == ListenerEvent::late_close_notify) seen.is_closed = true;
    if (*event == ListenerEvent::handshake_complete) seen.failure.reset();
  }
}

void TocsinServerEndpoint::receive(ByteView datagram, Address from, Time now) {
  const UseRandomStream use(random_);
  listener_->receive(datagram, bytes_of(from), at(now), out_);
  take_told();
}

std::optional<Time> TocsinServerEndpoint::deadline() const {
  const auto at = listener_->deadline();
  return at ? std::optional(time_of(*at)) : std::nullopt;
}

void TocsinServerEndpoint::on_timeout(Time now) {
  const UseRandomStream use(random_);
  listener_->on_timeout(at(now), out_);
  take_told();
}

std::vector<Datagram> TocsinServerEndpoint::take_output() {
  std::vector<Datagram> output;
  for (ListenerOutput::Addressed& addressed : std::exchange(out_.to_peers, {}))
    output.push_back({address_of(addressed.peer), std::move(addressed.datagram)});
  return output;
}

bool TocsinServerEndpoint::send(Address peer, ByteView application_data, Time) {
  const UseRandomStream use(random_);
  const bool sent = static_cast<bool>(listener_->send(bytes_of(peer), application_data, out_));
  take_told();
  return sent;
}

bool TocsinServerEndpoint::close(Address peer, Time now) {
  const bool closed = static_cast<bool>(listener_->close(bytes_of(peer), at(now), out_));
  take_told();
  return closed;
}

std::vector<Bytes> TocsinServerEndpoint::take_application_data(Address peer) { return std::exchange(seen_[peer].data, {}); }

Status TocsinServerEndpoint::status(Address peer) const {
  if (listener_->negotiated(bytes_of(peer)) != nullptr) return Status::complete;
  const auto seen = seen_.find(peer);
  return seen != seen_.end() && seen->second.failure ? Status::failed : Status::handshaking;
}

bool TocsinServerEndpoint::is_closed_by(Address peer) const {
  const auto seen = seen_.find(peer);
  return seen != seen_.end() && seen->second.is_closed;
}

std::optional<Bytes> TocsinServerEndpoint::export_keying_material(Address peer, std::string_view label,
                                                                  std::optional<ByteView> context, std::size_t size_bytes) {
  Bytes key(size_bytes);
  if (!listener_->export_keying_material(bytes_of(peer), label, context, key, out_)) return std::nullopt;
  return key;
}

Negotiated TocsinServerEndpoint::negotiated(Address peer) const {
  const Negotiated* agreed = listener_->negotiated(bytes_of(peer));
  return agreed != nullptr ? *agreed : Negotiated{};
}

std::string TocsinServerEndpoint::failure(Address peer) const {
  const auto seen = seen_.find(peer);
  return seen != seen_.end() && seen->second.failure ? seen->second.failure->describe() : "";
}

}  // namespace tocsin::stacks
