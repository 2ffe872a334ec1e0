#include "harnesses/differential/expectation.h"

#include <algorithm>

namespace tocsin::differential {
namespace {

using peers::PeerConfig;

template <class T>
bool contains(const std::vector<T>& list, const T& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

// The first of one list that is in the other.
template <class T>
const T* first_common(const std::vector<T>& preferred, const std::vector<T>& others) {
  const auto found = std::find_if(preferred.begin(), preferred.end(), [&](const T& one) { return contains(others, one); });
  return found == preferred.end() ? nullptr : &*found;
}

void fail(Expectation& expected, AlertDescription description) {
  expected.completes = false;
  expected.alerts.add(description);
}

void expect_group(const PeerConfig& client, const PeerConfig& server, Stack server_stack, Expectation& expected) {
  std::vector<NamedGroup> shares = client.groups;
  shares.resize(std::min(shares.size(), client.key_shares));
  const bool client_decides = server_stack == Stack::openssl;
  const NamedGroup* shared = client_decides ? first_common(shares, server.groups) : first_common(server.groups, shares);
  const NamedGroup* common = shared != nullptr ? shared : first_common(server.groups, client.groups);
  if (common == nullptr) return fail(expected, AlertDescription::handshake_failure);
  expected.group = *common;
  expected.retried = shared == nullptr;
}

// harnesses/testdata/README.md: the names that each certificate is for.
bool is_for(peers::CertificateKind certificate, const std::string& name) {
  if (name == "127.0.0.1") return certificate == peers::CertificateKind::ecdsa_p256;
  return name == "localhost" || name == "example.test";
}

// The server finds it last, when the client believes to be done.
void expect_client_authentication(const PeerConfig& client, const PeerConfig& server, Expectation& expected) {
  if (server.client_authentication == ClientAuthentication::none) return;
  const auto schemes = schemes_of(client.client_certificate);
  if (first_common(schemes, server.signature_schemes) == nullptr) {
    if (server.client_authentication == ClientAuthentication::required) fail(expected, AlertDescription::certificate_required);
    return;
  }
  expected.client_authenticates = is_trusted(client.client_certificate);
  if (client.client_certificate == peers::ClientCertificate::expired) fail(expected, AlertDescription::certificate_expired);
  if (client.client_certificate == peers::ClientCertificate::for_servers)
    fail(expected, AlertDescription::unsupported_certificate);
  if (client.client_certificate == peers::ClientCertificate::of_another_authority) fail(expected, AlertDescription::unknown_ca);
}

}  // namespace

Expectation expect(const PeerConfig& client, const PeerConfig& server, Stack server_stack) {
  Expectation expected;
  if (const CipherSuite* suite = first_common(server.cipher_suites, client.cipher_suites))
    expected.cipher_suite = *suite;
  else
    fail(expected, AlertDescription::handshake_failure);
  expect_group(client, server, server_stack, expected);
  if (first_common(schemes_of(server.certificate), client.signature_schemes) == nullptr)
    fail(expected, AlertDescription::handshake_failure);
  if (!client.application_protocols.empty() && !server.application_protocols.empty()) {
    if (const auto* protocol = first_common(server.application_protocols, client.application_protocols))
      expected.application_protocol = *protocol;
    else
      fail(expected, AlertDescription::no_application_protocol);
  }
  // The server's to find come first; the certificate is then not looked at.
  if (expected.completes && !is_for(server.certificate, client.server_name)) fail(expected, AlertDescription::bad_certificate);
  if (expected.completes) expect_client_authentication(client, server, expected);
  return expected;
}

}  // namespace tocsin::differential
