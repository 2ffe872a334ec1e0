#include "harnesses/stacks/openssl/endpoint.h"

namespace tocsin::stacks {

std::unique_ptr<OpenSslEndpoint> OpenSslEndpoint::client(const PeerConfig& config, std::uint64_t seed, Address server,
                                                         Time now) {
  std::unique_ptr<OpenSslEndpoint> made(new OpenSslEndpoint(Role::client, config, seed));
  made->add(server, now);
  return made;
}

std::unique_ptr<OpenSslEndpoint> OpenSslEndpoint::server(const PeerConfig& config, std::uint64_t seed) {
  return std::unique_ptr<OpenSslEndpoint>(new OpenSslEndpoint(Role::server, config, seed));
}

// Each association draws from a stream of its own, whatever came from other addresses before.
OpenSslDtls& OpenSslEndpoint::add(Address peer, Time now) {
  const std::uint64_t seed = seed_ + (static_cast<std::uint64_t>(peer) << 32);
  return *(associations_[peer] = std::make_unique<OpenSslDtls>(role_, config_, seed, peer, now));
}

OpenSslDtls* OpenSslEndpoint::find(Address peer) const {
  const auto found = associations_.find(peer);
  return found == associations_.end() ? nullptr : found->second.get();
}

void OpenSslEndpoint::receive(ByteView datagram, Address from, Time now) {
  OpenSslDtls* association = find(from);
  if (association == nullptr && role_ == Role::server) association = &add(from, now);
  if (association != nullptr) association->receive(datagram, now);
}

std::optional<Time> OpenSslEndpoint::deadline() const {
  std::optional<Time> first;
  for (const auto& [peer, association] : associations_)
    if (const auto deadline = association->deadline(); deadline && (!first || *deadline < *first)) first = deadline;
  return first;
}

void OpenSslEndpoint::on_timeout(Time now) {
  for (const auto& [peer, association] : associations_)
    if (const auto deadline = association->deadline(); deadline && *deadline <= now) association->on_timeout(now);
}

std::vector<Datagram> OpenSslEndpoint::take_output() {
  std::vector<Datagram> output;
  for (const auto& [peer, association] : associations_)
    for (Bytes& datagram : association->take_output()) output.push_back({peer, std::move(datagram)});
  return output;
}

bool OpenSslEndpoint::send(Address peer, ByteView application_data, Time now) {
  OpenSslDtls* const association = find(peer);
  return association != nullptr && association->send(application_data, now);
}

bool OpenSslEndpoint::close(Address peer, Time now) {
  OpenSslDtls* const association = find(peer);
  return association != nullptr && association->close(now);
}

std::vector<Bytes> OpenSslEndpoint::take_application_data(Address peer) {
  OpenSslDtls* const association = find(peer);
  return association == nullptr ? std::vector<Bytes>() : association->take_application_data();
}

Status OpenSslEndpoint::status(Address peer) const {
  const OpenSslDtls* const association = find(peer);
  return association == nullptr ? Status::handshaking : association->status();
}

bool OpenSslEndpoint::is_closed_by(Address peer) const {
  const OpenSslDtls* const association = find(peer);
  return association != nullptr && association->is_closed_by_peer();
}

std::optional<Bytes> OpenSslEndpoint::export_keying_material(Address peer, std::string_view label,
                                                             std::optional<ByteView> context, std::size_t size_bytes) {
  OpenSslDtls* const association = find(peer);
  return association == nullptr ? std::nullopt : association->export_keying_material(label, context, size_bytes);
}

Negotiated OpenSslEndpoint::negotiated(Address peer) const {
  const OpenSslDtls* const association = find(peer);
  return association == nullptr ? Negotiated{} : association->negotiated();
}

std::string OpenSslEndpoint::failure(Address peer) const {
  const OpenSslDtls* const association = find(peer);
  return association == nullptr ? "" : association->failure();
}

}  // namespace tocsin::stacks
