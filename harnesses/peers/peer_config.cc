#include "harnesses/peers/peer_config.h"

namespace tocsin::peers {

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

std::vector<SignatureScheme> schemes_of(CertificateKind kind) {
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

std::vector<SignatureScheme> schemes_of(ClientCertificate certificate) {
  if (certificate == ClientCertificate::none) return {};
  if (certificate == ClientCertificate::ed25519) return schemes_of(CertificateKind::ed25519);
  if (certificate == ClientCertificate::rsa2048) return schemes_of(CertificateKind::rsa2048);
  return schemes_of(CertificateKind::ecdsa_p256);
}

bool is_trusted(ClientCertificate certificate) {
  return certificate == ClientCertificate::ecdsa_p256 || certificate == ClientCertificate::ed25519 ||
         certificate == ClientCertificate::rsa2048;
}

}  // namespace tocsin::peers
