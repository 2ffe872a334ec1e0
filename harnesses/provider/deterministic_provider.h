#pragma once
// A provider without cryptography, for fuzzing what lies above it: fast, the same in every run, and with the
// real sizes and the real ways to fail. What is sealed with it opens, what is changed does not; nothing is secret.
#include <cstdint>
#include <memory>
#include <string_view>

#include "tocsin/provider.h"

namespace tocsin::harness {

class DeterministicProvider : public Provider {
 public:
  /// All that is drawn from now on follows from the seed.
  virtual void reseed(std::uint64_t seed) = 0;
};

/// Key shares: any x25519 share is valid but the multiples of zero, such as 32 zeros; of the other groups' shares only those
/// whose second half fits the first are, as with points on a curve.
std::shared_ptr<DeterministicProvider> make_deterministic_provider(std::uint64_t seed);

/// A key with a chain of one make-believe certificate for this one name, which signs with this one scheme.
std::shared_ptr<const CertifiedKey> deterministic_certified_key(
    std::string_view dns_name, SignatureScheme scheme = SignatureScheme::ecdsa_secp256r1_sha256);

/// Verifies make-believe certificates. Reasons: certificate_malformed, certificate_issuer_unknown for one that was changed,
/// certificate_name_mismatch.
std::shared_ptr<const CertificateVerifier> deterministic_verifier();

/// The same for clients, whatever the name.
std::shared_ptr<const ClientCertificateVerifier> deterministic_client_verifier();

}  // namespace tocsin::harness
