#pragma once
// What every role and version checks of a peer's proof.
#include "core/wire/certificate_verify.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What a peer has signed with the key of its certificate. Reasons: signature_scheme_not_offered, also for one that does not
/// fit the key; signature_invalid.
Result<Done> verify_proof(const CommonConfig& config, const PublicKey& key, ProtocolVersion version, ByteView content,
                          const wire::CertificateVerify& proof);

}  // namespace tocsin::handshake
