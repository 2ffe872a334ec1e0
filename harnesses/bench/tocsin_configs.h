#pragma once
// How tocsin is set up as a contender.
#include "tocsin/config.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::bench {

constexpr Now year_2026{Instant{0}, UnixSeconds{1767225600}};

struct TocsinConfigs {
  std::shared_ptr<const ServerConfig> server;
  std::shared_ptr<const ClientConfig> client;
};
/// certificates_kept_max: as in TrustOptions.
TocsinConfigs tocsin_configs(ProtocolVersion version, std::size_t certificates_kept_max);

}  // namespace tocsin::bench
