#include "harnesses/scenarios/generated_link.h"

#include <algorithm>

#include "core/base/reader.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/stacks/openssl/endpoint.h"
#include "harnesses/stacks/tocsin/endpoint.h"

namespace tocsin::harness {
namespace {

std::size_t mtu_bytes(const Input& input) { return 256u + 5u * input.option(Tag::chunk_bytes, 189); }

std::optional<std::uint8_t> connection_id_bytes(const Input& input, Tag tag) {
  const std::uint8_t drawn = input.option(tag, 0) % 66;
  return drawn == 0 ? std::nullopt : std::optional(static_cast<std::uint8_t>(drawn - 1));
}

link::Pattern draw_pattern(Reader& reader, std::size_t harm_max) {
  constexpr std::size_t datagrams_max = 64;
  link::Pattern pattern;
  std::size_t harm = 0;
  while (!reader.empty() && pattern.size() < datagrams_max) {
    for (unsigned i = 0, four = reader.u8(); i < 4; ++i, four >>= 2) {
      const link::Action action = link::all_actions[four & 3];
      const bool is_harm = action == link::Action::drop || action == link::Action::swap;
      pattern.push_back(is_harm && ++harm > harm_max ? link::Action::deliver : action);
    }
  }
  return pattern;
}

}  // namespace

GeneratedLink generate_link(const Input& input) {
  Reader reader(input.body());
  GeneratedLink drawn;
  drawn.conditions.mtu_bytes = mtu_bytes(input);
  drawn.conditions.delay_min = std::chrono::milliseconds(10 * reader.u8());
  drawn.conditions.delay_max = drawn.conditions.delay_min + std::chrono::milliseconds(10 * reader.u8());
  drawn.conditions.duplicate_permille = reader.u8();
  drawn.conditions.swap_permille = reader.u8();
  const std::size_t datagrams_of_chance = reader.u8() % 64u;
  // Chance can hold back the one datagram that is left.
  const std::size_t by_chance = drawn.conditions.swap_permille == 0 ? 0 : 1;
  drawn.pattern = draw_pattern(reader, Limits{}.retransmissions_max - by_chance);
  drawn.imperfect_datagrams = std::max(drawn.pattern.size(), datagrams_of_chance);
  return drawn;
}

link::Endpoints generate_endpoints(const Input& input) {
  const std::uint64_t seed = input.option(Tag::seed, 0);
  const int who = input.option(Tag::peer, 0) % 3;
  stacks::PeerConfig config = server_options(input);
  config.client_authentication = ClientAuthentication::none;
  config.record_size_limit = 0;
  // What has nothing in common with the other end does not complete. RFC 8422 5.1: without its curve no certificate can be
  // used, and P-521 is not among the groups of tocsin; an OpenSSL server has no suite for Ed25519 in DTLS, only in TLS 1.2.
  config.groups = stacks::PeerConfig{}.groups;
  const bool is_without_ed25519 = who == 1 && config.certificate == stacks::CertificateKind::ed25519;
  if (is_without_ed25519 || config.certificate == stacks::CertificateKind::ecdsa_p521)
    config.certificate = stacks::CertificateKind::ecdsa_p256;
  config.cookie_exchange = input.option(Tag::entry_point, 0) % 2 == 0;
  config.mtu_bytes = mtu_bytes(input);
  config.server_connection_id_bytes = connection_id_bytes(input, Tag::server_connection_id);
  config.client_connection_id_bytes = connection_id_bytes(input, Tag::client_connection_id);
  link::Endpoints endpoints;
  if (who == 2)
    endpoints.client = stacks::OpenSslEndpoint::client(config, seed, link::server_address);
  else
    endpoints.client = std::make_unique<stacks::TocsinClientEndpoint>(config, seed, link::server_address);
  if (who == 1)
    endpoints.server = stacks::OpenSslEndpoint::server(config, seed + 256);
  else
    endpoints.server = std::make_unique<stacks::TocsinServerEndpoint>(config, seed + 256);
  return endpoints;
}

link::Moves generate_moves(const Input& input) {
  const bool is_known_by_id = input.option(Tag::peer, 0) % 3 == 0 &&
                              connection_id_bytes(input, Tag::server_connection_id).value_or(0) != 0 &&
                              connection_id_bytes(input, Tag::client_connection_id).has_value();
  const std::uint8_t when = is_known_by_id ? input.option(Tag::address_change, 0) : 0;
  return {.once_server_completed = (when & 1) != 0, .once_both_completed = (when & 2) != 0};
}

}  // namespace tocsin::harness
