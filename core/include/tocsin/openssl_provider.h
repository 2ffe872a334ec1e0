#pragma once
/// @file
/// The provider over libcrypto (OpenSSL 3), and loaders of keys, certificates and trust, which need a library for PEM and
/// X.509. Load at set-up, not while a connection runs: a loader may read files, and its error is a sentence.
#include <memory>
#include <string>

#include "tocsin/provider.h"

namespace tocsin {

/// A mistake in a configuration: what is wrong, where, and what to do about it. One line.
struct ConfigError {
  std::string message;  ///< without a newline
};

/// The provider over libcrypto. Fetches every algorithm once; nothing is fetched later. Randomness is libcrypto's RAND_bytes.
/// The provider may be shared by connections of one thread.
Result<std::shared_ptr<Provider>, ConfigError> make_openssl_provider();

/// A chain and its key. certificates_pem: the end entity first, then its issuers. ConfigError for what cannot be parsed and for
/// a key that does not belong to the first certificate. The names are used in messages only.
Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_pem(
    std::string_view certificates_pem, std::string_view key_pem, std::string_view certificates_name = "certificate",
    std::string_view key_name = "key");
/// The same, from files; a key that is encrypted is a ConfigError.
Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_files(const std::string& certificates_path,
                                                                                  const std::string& key_path);

/// libcrypto takes longer to parse a certificate than to verify a signature, so a verifier keeps the certificates of recently
/// verified chains in parsed form, some 6 KiB each. It still verifies the chain, its validity and its name every time.
struct TrustOptions {
  std::size_t certificates_kept_max = 16;  ///< how many; 0: none
};

/// Verifiers that trust the chains that lead to these certificates. Threads may share them.
using VerifierResult = Result<std::shared_ptr<const CertificateVerifier>, ConfigError>;
/// Certificates in PEM, at least one.
VerifierResult trust_pem(std::string_view certificates_pem, const TrustOptions& options = {});
/// A PEM file, or a directory of hashed names as `openssl rehash` makes it.
VerifierResult trust_path(const std::string& path, const TrustOptions& options = {});
/// The store that libcrypto was built to use.
VerifierResult trust_system_store(const TrustOptions& options = {});
/// Verifiers for clients (X.509 purpose clientAuth), which check no name. None exists for the system's store, since trust in a
/// public authority would admit everyone who has a certificate from it.
using ClientVerifierResult = Result<std::shared_ptr<const ClientCertificateVerifier>, ConfigError>;
/// Certificates in PEM, at least one: authorities, or clients' own.
ClientVerifierResult trust_clients_pem(std::string_view certificates_pem, const TrustOptions& options = {});
/// A PEM file, or a directory of hashed names as `openssl rehash` makes it.
ClientVerifierResult trust_clients_path(const std::string& path, const TrustOptions& options = {});
/// The subject of a certificate in DER, for people: "CN=client 7,O=example" (RFC 2253), ASCII. Empty if it cannot be parsed or
/// has none.
std::string subject_of(ByteView certificate_der);
/// Accepts every certificate with a usable key: anyone on the path can read and change everything.
std::shared_ptr<const CertificateVerifier> insecure_trust_anyone();

}  // namespace tocsin
