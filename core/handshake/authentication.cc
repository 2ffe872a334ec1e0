#include "core/handshake/authentication.h"

#include <algorithm>

namespace tocsin::handshake {

Result<Done> verify_proof(const CommonConfig& config, const PublicKey& key, ProtocolVersion version, ByteView content,
                          const wire::CertificateVerify& proof) {
  const auto& offered = config.signature_schemes;
  const bool is_offered = std::find(offered.begin(), offered.end(), proof.algorithm) != offered.end();
  //= RFC 9846 4.5.2 //# In addition, the signature algorithm MUST be compatible with the key in the sender's
  if (!is_offered || !key.can_verify_with(proof.algorithm, version)) return Fatal{Reason::signature_scheme_not_offered};
  //= RFC 9846 4.5.2 //# The receiver of a CertificateVerify message MUST verify the signature field.
  //= RFC 9846 4.5.2 //# If the verification fails, the receiver MUST terminate the handshake with a
  return key.verify(proof.algorithm, content, proof.signature);
}

}  // namespace tocsin::handshake
