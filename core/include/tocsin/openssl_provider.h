#pragma once
// The provider over libcrypto (OpenSSL 3), and the loaders of keys, certificates and trust that need a library for PEM and X.509.
// Loading is for set-up, not for connections: it may read files, and says what is wrong in words.
#include <memory>
#include <string>

#include "tocsin/provider.h"

namespace tocsin {

/// What is wrong with a configuration: what, where, and what to do. One line.
struct ConfigError {
  std::string message;
};

/// Fetches every algorithm once; nothing is fetched later. Randomness is libcrypto's RAND_bytes. The provider may be shared by
/// connections of one thread.
Result<std::shared_ptr<Provider>, ConfigError> make_openssl_provider();

/// certificates_pem: the end entity first, then its issuers. ConfigError for what cannot be parsed and for a key that does not
/// belong to the first certificate. The names are used in messages only.
Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_pem(std::string_view certificates_pem,
                                                                                 std::string_view key_pem,
                                                                                 std::string_view certificates_name = "certificate",
                                                                                 std::string_view key_name = "key");
Result<std::shared_ptr<const CertifiedKey>, ConfigError> certified_key_from_files(const std::string& certificates_path,
                                                                                   const std::string& key_path);

using VerifierResult = Result<std::shared_ptr<const CertificateVerifier>, ConfigError>;
VerifierResult trust_pem(std::string_view certificates_pem);
/// A PEM file, or a directory of hashed names as `openssl rehash` makes it.
VerifierResult trust_path(const std::string& path);
/// The store that libcrypto was built to use.
VerifierResult trust_system_store();
/// Accepts every certificate whose key can be used: anyone in the path can read and change everything.
std::shared_ptr<const CertificateVerifier> insecure_trust_anyone();

}  // namespace tocsin
