#pragma once
// Honest ends of TLS 1.2 and DTLS 1.2 for tests: how the scripted one and the other one are set up.
#include "harnesses/script/honest_peer.h"
#include "harnesses/stacks/tocsin/connection.h"

namespace tocsin::script {

inline stacks::PeerConfig of_tls12() {
  stacks::PeerConfig config;
  config.versions = {ProtocolVersion::tls12};
  return config;
}

inline ScriptedPeerConfig scripted_server(ProtocolVersion version) {
  const ServerConfig config = stacks::tocsin_server_config({});
  ScriptedPeerConfig of_peer{Role::server, config.provider, config.certificates.front()};
  of_peer.version = version;
  return of_peer;
}
inline ScriptedPeerConfig scripted_client(ProtocolVersion version) {
  ScriptedPeerConfig config{Role::client, stacks::tocsin_client_config({}).provider, nullptr};
  config.version = version;
  return config;
}

}  // namespace tocsin::script
