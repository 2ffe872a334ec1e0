#include "harnesses/bench/tocsin_configs.h"

#include "harnesses/bench/keys.h"
#include "harnesses/testdata/testdata.h"

namespace tocsin::bench {

TocsinConfigs tocsin_configs(ProtocolVersion version, std::size_t certificates_kept_max) {
  const auto provider = make_openssl_provider();
  const auto identity = certified_key_from_pem(testdata::pem("server-ecdsa-p256"), testdata::pem("server-ecdsa-p256.key"));
  const auto trust = trust_pem(testdata::pem("ca"), TrustOptions{certificates_kept_max});
  must(provider && identity && trust);
  auto server = std::make_shared<ServerConfig>();
  server->certificates = {*identity};
  auto client = std::make_shared<ClientConfig>();
  client->verifier = *trust;
  for (CommonConfig* config : {static_cast<CommonConfig*>(server.get()), static_cast<CommonConfig*>(client.get())}) {
    config->provider = *provider;
    config->versions = {version};
    config->datagram_bytes_max = datagram_bytes_max;
  }
  return {std::move(server), std::move(client)};
}

}  // namespace tocsin::bench
