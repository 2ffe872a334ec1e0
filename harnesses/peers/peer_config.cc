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

}  // namespace tocsin::peers
