#pragma once
// What an honest handshake between two configurations must come to, by the RFC's rules alone.
#include <string>

#include "harnesses/differential/alerts.h"
#include "harnesses/peers/peer_config.h"

namespace tocsin::differential {

enum class Stack : std::uint8_t { tocsin, openssl };

struct Expectation {
  /// What may end the handshake; if there is none, it completes.
  Alerts alerts;
  bool completes = true;
  ProtocolVersion version = ProtocolVersion::tls13;
  CipherSuite cipher_suite{};
  NamedGroup group{};
  bool retried = false;
  std::string application_protocol;
  bool client_authenticates = false;
};

/// server_stack: the two prefer otherwise among several key shares.
Expectation expect(const peers::PeerConfig& client, const peers::PeerConfig& server, Stack server_stack);

}  // namespace tocsin::differential
