#include "harnesses/checkers/checked_peer.h"

#include "tocsin/openssl_provider.h"

namespace tocsin::harness {
namespace {

CheckOptions checks(const stacks::PeerConfig& config, std::uint16_t record_limit) {
  static const auto provider = make_openssl_provider();
  return {*provider, record_limit, config.now};
}

}  // namespace

std::unique_ptr<CheckedPeer> checked_server(const stacks::PeerConfig& config, std::uint64_t seed,
                                            stacks::EntryPoint entry_point, std::uint16_t record_limit) {
  return std::make_unique<CheckedPeer>(seed, [&](Output&, stacks::KeyLog key_log) {
    return std::make_unique<CheckedConnection>(stacks::tocsin_server_config(config, std::move(key_log)), entry_point,
                                               checks(config, record_limit));
  });
}

std::unique_ptr<CheckedPeer> checked_client(const stacks::PeerConfig& config, std::uint64_t seed, std::uint16_t record_limit) {
  return std::make_unique<CheckedPeer>(seed, [&](Output& out, stacks::KeyLog key_log) {
    return std::make_unique<CheckedConnection>(stacks::tocsin_client_config(config, std::move(key_log)), config.server_name,
                                               config.now, out, checks(config, record_limit));
  });
}

}  // namespace tocsin::harness
