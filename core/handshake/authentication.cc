#include "core/handshake/authentication.h"

#include <algorithm>

namespace tocsin::handshake {

Result<Done> verify_proof(const CommonConfig& config, const PublicKey& key, ProtocolVersion version, ByteView content,
                          const wire::CertificateVerify& proof) {
  const auto& offered = config.signature_schemes;
  const bool is_offered = std::find(offered.begin(), offered.end(), proof.algorithm) != offered.end();
  if (!is_offered || !key.can_verify_with(proof.algorithm, version)) return Fatal{Reason::signature_scheme_not_offered};
  return key.verify(proof.algorithm, content, proof.signature);
}

}  // namespace tocsin::handshake
