#include "fuzz/lib/checked_peer.h"

#include "tocsin/openssl_provider.h"

namespace tocsin::fuzz {
namespace {

CheckOptions checks(const peers::PeerConfig& config, std::uint16_t record_size_limit_of_other_end) {
  static const auto provider = make_openssl_provider();
  return {*provider, record_size_limit_of_other_end, config.now};
}

}  // namespace

std::unique_ptr<CheckedPeer> checked_server(const peers::PeerConfig& config, std::uint64_t seed, peers::WayIn way_in,
                                            std::uint16_t record_size_limit_of_other_end) {
  return std::make_unique<CheckedPeer>(seed, [&](Output&, peers::KeyLog key_log) {
    return std::make_unique<CheckedConnection>(peers::tocsin_server_config(config, std::move(key_log)), way_in,
                                               checks(config, record_size_limit_of_other_end));
  });
}

std::unique_ptr<CheckedPeer> checked_client(const peers::PeerConfig& config, std::uint64_t seed,
                                            std::uint16_t record_size_limit_of_other_end) {
  return std::make_unique<CheckedPeer>(seed, [&](Output& out, peers::KeyLog key_log) {
    return std::make_unique<CheckedConnection>(peers::tocsin_client_config(config, std::move(key_log)), config.server_name,
                                               config.now, out, checks(config, record_size_limit_of_other_end));
  });
}

}  // namespace tocsin::fuzz
