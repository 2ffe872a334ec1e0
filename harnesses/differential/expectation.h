#pragma once
// What an honest handshake between two configurations must come to, by the RFC's rules alone.
#include <string>

#include "harnesses/differential/alerts.h"
#include "harnesses/stacks/peer_config.h"

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
Expectation expect(const stacks::PeerConfig& client, const stacks::PeerConfig& server, Stack server_stack);

/// Whether the suite's certificates have such a key (RFC 8422 2): those of TLS 1.3 do not care.
bool suits(CipherSuite suite, stacks::CertificateKind kind);
/// RFC 8422 5.1.1: before TLS 1.3 a client's groups are also the curves that it takes in a certificate.
bool is_of_offered_curve(stacks::CertificateKind kind, const std::vector<NamedGroup>& groups);

}  // namespace tocsin::differential
