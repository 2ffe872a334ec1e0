#include "fuzz/lib/stacks.h"

#include <algorithm>

#include "fuzz/lib/checked_peer.h"
#include "fuzz/lib/configs.h"
#include "harnesses/peers/openssl_peer.h"

namespace tocsin::fuzz {
namespace {

peers::PeerConfig for_stack(peers::PeerConfig config, bool is_openssl, bool is_client) {
  if (is_client) config.server_name = "localhost";  // names are for unit tests: every certificate here is for this one
  if (!is_openssl) return config;
  config.key_shares = 1;
  config.record_size_limit = 0;
  return config;
}

std::unique_ptr<peers::Peer> make(peers::Role role, const peers::PeerConfig& config, bool is_openssl, const Input& input) {
  const std::uint64_t seed = 2 * std::uint64_t{input.option(Tag::seed, 0)} + (role == peers::Role::server ? 1 : 0);
  if (is_openssl) return std::make_unique<peers::OpenSslPeer>(role, config, seed);
  if (role == peers::Role::client) return checked_client(config, seed);
  return checked_server(config, seed, way_in(input));
}

template <class List>
bool intersect(const List& a, const List& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& element) { return std::find(b.begin(), b.end(), element) != b.end(); });
}

void carry(peers::Peer& from, peers::Peer& to, std::size_t chunk_bytes, bool& moved) {
  const Bytes sent = from.take_output();
  for (ByteView rest = sent; !rest.empty();) {
    const std::size_t size = chunk_bytes == 0 ? rest.size() : std::min(chunk_bytes, rest.size());
    to.receive(rest.first(size));
    rest = rest.subspan(size);
    moved = true;
  }
}

}  // namespace

Stacks::Stacks(const Input& input)
    : client_is_openssl(input.option(Tag::peer, 0) % 3 == 2),
      server_is_openssl(input.option(Tag::peer, 0) % 3 == 1),
      client_config(for_stack(client_options(input), client_is_openssl, true)),
      server_config(for_stack(server_options(input), server_is_openssl, false)),
      client(make(peers::Role::client, client_config, client_is_openssl, input)),
      server(make(peers::Role::server, server_config, server_is_openssl, input)) {}

bool Stacks::have_something_in_common() const {
  const auto &ours = client_config.application_protocols, &theirs = server_config.application_protocols;
  return intersect(client_config.cipher_suites, server_config.cipher_suites) &&
         intersect(client_config.groups, server_config.groups) &&
         intersect(client_config.signature_schemes, peers::schemes_of(server_config.certificate)) &&
         (ours.empty() || theirs.empty() || intersect(ours, theirs));
}

void Stacks::exchange(std::size_t chunk_bytes) {
  for (bool moved = true; moved;) {
    moved = false;
    carry(*client, *server, chunk_bytes, moved);
    carry(*server, *client, chunk_bytes, moved);
  }
}

bool Stacks::are_complete() const {
  return client->status() == peers::Status::complete && server->status() == peers::Status::complete;
}

std::string Stacks::describe() const {
  return std::string("client (") + (client_is_openssl ? "OpenSSL" : "tocsin") + "): " + client->failure() + "; server (" +
         (server_is_openssl ? "OpenSSL" : "tocsin") + "): " + server->failure();
}

}  // namespace tocsin::fuzz
