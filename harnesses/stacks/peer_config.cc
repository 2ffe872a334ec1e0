#include "harnesses/stacks/peer_config.h"

#include <algorithm>

namespace tocsin::stacks {
namespace {

std::vector<SignatureScheme> tls13_schemes_of(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::ecdsa_p256:
      return {SignatureScheme::ecdsa_secp256r1_sha256};
    case CertificateKind::ecdsa_p384:
      return {SignatureScheme::ecdsa_secp384r1_sha384};
    case CertificateKind::ecdsa_p521:
      return {SignatureScheme::ecdsa_secp521r1_sha512};
    case CertificateKind::ed25519:
      return {SignatureScheme::ed25519};
    case CertificateKind::rsa2048:
      return {SignatureScheme::rsa_pss_rsae_sha256, SignatureScheme::rsa_pss_rsae_sha384, SignatureScheme::rsa_pss_rsae_sha512};
  }
  __builtin_unreachable();
}

// RFC 8422 5.10, RFC 9846 4.3.3: before TLS 1.3 any hash goes with any curve, and PKCS #1 is still for handshakes.
std::vector<SignatureScheme> with_those_of_tls12(std::vector<SignatureScheme> schemes) {
  if (schemes.front() == SignatureScheme::ed25519) return schemes;
  if (schemes.front() != SignatureScheme::rsa_pss_rsae_sha256)
    return {SignatureScheme::ecdsa_secp256r1_sha256, SignatureScheme::ecdsa_secp384r1_sha384,
            SignatureScheme::ecdsa_secp521r1_sha512};
  schemes.insert(schemes.end(),
                 {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pkcs1_sha384, SignatureScheme::rsa_pkcs1_sha512});
  return schemes;
}

/// Made once, as fuzz targets make many configurations.
const Preferences& usual_preferences() {
  static const Preferences usual = [] {
    Preferences preferences;
    preferences.cipher_suites = {CipherSuite::aes_128_gcm_sha256, CipherSuite::chacha20_poly1305_sha256,
                                 CipherSuite::aes_256_gcm_sha384};
    return preferences;
  }();
  return usual;
}

}  // namespace

PeerConfig::PeerConfig() : Preferences(usual_preferences()) {}

std::string_view file_name_of(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::ecdsa_p256:
      return "server-ecdsa-p256";
    case CertificateKind::ecdsa_p384:
      return "server-ecdsa-p384";
    case CertificateKind::ecdsa_p521:
      return "server-ecdsa-p521";
    case CertificateKind::ed25519:
      return "server-ed25519";
    case CertificateKind::rsa2048:
      return "server-rsa2048";
  }
  __builtin_unreachable();
}

std::vector<SignatureScheme> schemes_of(CertificateKind kind, ProtocolVersion version) {
  return version == ProtocolVersion::tls13 ? tls13_schemes_of(kind) : with_those_of_tls12(tls13_schemes_of(kind));
}

std::string_view file_name_of(ClientCertificate certificate) {
  switch (certificate) {
    case ClientCertificate::none:
      return "";
    case ClientCertificate::ecdsa_p256:
      return "client-ecdsa-p256";
    case ClientCertificate::ed25519:
      return "client-ed25519";
    case ClientCertificate::rsa2048:
      return "client-rsa2048";
    case ClientCertificate::expired:
      return "client-expired";
    case ClientCertificate::for_servers:
      return "client-for-servers";
    case ClientCertificate::of_another_authority:
      return "server-ecdsa-p256";
  }
  __builtin_unreachable();
}

std::vector<SignatureScheme> schemes_of(ClientCertificate certificate, ProtocolVersion version) {
  if (certificate == ClientCertificate::none) return {};
  if (certificate == ClientCertificate::ed25519) return schemes_of(CertificateKind::ed25519, version);
  if (certificate == ClientCertificate::rsa2048) return schemes_of(CertificateKind::rsa2048, version);
  return schemes_of(CertificateKind::ecdsa_p256, version);
}

bool is_trusted(ClientCertificate certificate) {
  return certificate == ClientCertificate::ecdsa_p256 || certificate == ClientCertificate::ed25519 ||
         certificate == ClientCertificate::rsa2048;
}

bool speaks(const PeerConfig& config, ProtocolVersion version) {
  return std::ranges::find(config.versions, version) != config.versions.end();
}

std::vector<CipherSuite> tls12_suites_of(const std::vector<CipherSuite>& suites) {
  std::vector<CipherSuite> all;
  for (const CipherSuite suite : suites) {
    if (version_of(suite) == ProtocolVersion::tls12) all.push_back(suite);
    for (const CipherSuite other : CommonConfig{}.cipher_suites)
      if (version_of(suite) == ProtocolVersion::tls13 && version_of(other) == ProtocolVersion::tls12 &&
          aead_of(other) == aead_of(suite))
        all.push_back(other);
  }
  return all;
}

std::vector<CipherSuite> suites_of(const PeerConfig& config) {
  std::vector<CipherSuite> all;
  if (speaks(config, ProtocolVersion::tls13)) all = config.cipher_suites;
  if (speaks(config, ProtocolVersion::tls12))
    for (const CipherSuite suite : tls12_suites_of(config.cipher_suites)) all.push_back(suite);
  return all;
}

}  // namespace tocsin::stacks
