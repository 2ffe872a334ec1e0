#include "harnesses/differential/expectation.h"

#include <algorithm>

namespace tocsin::differential {
namespace {

using stacks::PeerConfig;

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

bool is_rsa(stacks::CertificateKind kind) { return kind == stacks::CertificateKind::rsa2048; }

void fail(Expectation& expected, AlertDescription description) {
  expected.completes = false;
  expected.alerts.add(description);
}

void expect_suite(const PeerConfig& client, const PeerConfig& server, Expectation& expected) {
  std::vector<CipherSuite> suites;
  for (const CipherSuite suite : suites_of(server))
    if (version_of(suite) == expected.version && suits(suite, server.certificate)) suites.push_back(suite);
  if (const CipherSuite* suite = first_common(suites, suites_of(client)))
    expected.cipher_suite = *suite;
  else
    fail(expected, AlertDescription::handshake_failure);
}

void expect_certificate(const PeerConfig& client, const PeerConfig& server, Expectation& expected) {
  const bool is_signed = first_common(schemes_of(server.certificate, expected.version), client.signature_schemes) != nullptr;
  const bool is_tls12 = expected.version == ProtocolVersion::tls12;
  if (!is_signed || (is_tls12 && !is_of_offered_curve(server.certificate, client.groups)))
    fail(expected, AlertDescription::handshake_failure);
}

// There is no HelloRetryRequest in TLS 1.2, and both stacks go by the server's preference.
void expect_tls12_group(const PeerConfig& client, const PeerConfig& server, Expectation& expected) {
  if (const NamedGroup* group = first_common(server.groups, client.groups))
    expected.group = *group;
  else
    fail(expected, AlertDescription::handshake_failure);
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
bool is_for(stacks::CertificateKind certificate, const std::string& name) {
  if (name == "127.0.0.1") return certificate == stacks::CertificateKind::ecdsa_p256;
  return name == "localhost" || name == "example.test";
}

// The server finds it last, when the client believes to be done.
void expect_client_authentication(const PeerConfig& client, const PeerConfig& server, Stack server_stack,
                                  Expectation& expected) {
  if (server.client_authentication == ClientAuthentication::none) return;
  const bool is_tls12 = expected.version == ProtocolVersion::tls12;
  const auto schemes = schemes_of(client.client_certificate, expected.version);
  if (first_common(schemes, server.signature_schemes) == nullptr) {
    if (server.client_authentication == ClientAuthentication::required)  // RFC 5246 7.4.6, RFC 9846 4.5.1.3
      fail(expected, is_tls12 ? AlertDescription::handshake_failure : AlertDescription::certificate_required);
    return;
  }
  expected.client_authenticates = is_trusted(client.client_certificate);
  if (client.client_certificate == stacks::ClientCertificate::expired) fail(expected, AlertDescription::certificate_expired);
  if (client.client_certificate == stacks::ClientCertificate::for_servers)
    fail(expected, AlertDescription::unsupported_certificate);
  if (client.client_certificate == stacks::ClientCertificate::of_another_authority)
    fail(expected, AlertDescription::unknown_ca);
  // OpenSSL as a server takes a client's curve only if it is among the groups of both. No RFC asks for that.
  const bool is_curve_known = contains(client.groups, NamedGroup::secp256r1) && contains(server.groups, NamedGroup::secp256r1);
  if (is_tls12 && server_stack == Stack::openssl && client.client_certificate == stacks::ClientCertificate::ecdsa_p256 &&
      !is_curve_known)
    fail(expected, AlertDescription::illegal_parameter);
}

}  // namespace

bool suits(CipherSuite suite, stacks::CertificateKind kind) {
  switch (suite) {
    case CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256:
    case CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384:
    case CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256:
      return !is_rsa(kind);
    case CipherSuite::ecdhe_rsa_aes_128_gcm_sha256:
    case CipherSuite::ecdhe_rsa_aes_256_gcm_sha384:
    case CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256:
      return is_rsa(kind);
    case CipherSuite::aes_128_gcm_sha256:
    case CipherSuite::aes_256_gcm_sha384:
    case CipherSuite::chacha20_poly1305_sha256:
      break;
  }
  return true;
}

bool is_of_offered_curve(stacks::CertificateKind kind, const std::vector<NamedGroup>& groups) {
  switch (kind) {
    case stacks::CertificateKind::ecdsa_p256:
      return contains(groups, NamedGroup::secp256r1);
    case stacks::CertificateKind::ecdsa_p384:
      return contains(groups, NamedGroup::secp384r1);
    case stacks::CertificateKind::ecdsa_p521:
      return false;  // no configuration has this group
    case stacks::CertificateKind::ed25519:
    case stacks::CertificateKind::rsa2048:
      break;
  }
  return true;
}

Expectation expect(const PeerConfig& client, const PeerConfig& server, Stack server_stack) {
  Expectation expected;
  const auto both = [&](ProtocolVersion version) { return speaks(client, version) && speaks(server, version); };
  if (!both(ProtocolVersion::tls13)) {
    expected.version = ProtocolVersion::tls12;
    if (!both(ProtocolVersion::tls12)) {
      fail(expected, AlertDescription::protocol_version);
      return expected;
    }
  }
  expect_suite(client, server, expected);
  if (expected.version == ProtocolVersion::tls13)
    expect_group(client, server, server_stack, expected);
  else
    expect_tls12_group(client, server, expected);
  expect_certificate(client, server, expected);
  if (!client.application_protocols.empty() && !server.application_protocols.empty()) {
    if (const auto* protocol = first_common(server.application_protocols, client.application_protocols))
      expected.application_protocol = *protocol;
    else
      fail(expected, AlertDescription::no_application_protocol);
  }
  // The server's to find come first; the certificate is then not looked at.
  if (expected.completes && !is_for(server.certificate, client.server_name)) fail(expected, AlertDescription::bad_certificate);
  if (expected.completes) expect_client_authentication(client, server, server_stack, expected);
  return expected;
}

}  // namespace tocsin::differential
