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

}  // namespace tocsin::peers
