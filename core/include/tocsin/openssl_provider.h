#pragma once
/// @file
/// The provider over libcrypto (OpenSSL 3), and the loaders of keys, certificates and trust that need a library for PEM and
/// X.509. Loading is for set-up, not for connections: it may read files, and says what is wrong in words.
#include <memory>
#include <string>

#include "tocsin/provider.h"

namespace tocsin {

/// What is wrong with a configuration: what, where, and what to do. One line.
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

/// libcrypto takes longer to parse a certificate than to verify a signature. So the certificates of the chains that verified
/// lately are kept parsed, some 6 KiB each; the chain, its validity and its name are verified every time all the same.
struct TrustOptions {
  std::size_t certificates_kept_max = 16;  ///< how many; 0: none
};

/// Verifiers that trust whom these certificates vouch for. They may be shared by threads.
using VerifierResult = Result<std::shared_ptr<const CertificateVerifier>, ConfigError>;
/// Certificates in PEM, at least one.
VerifierResult trust_pem(std::string_view certificates_pem, const TrustOptions& options = {});
/// A PEM file, or a directory of hashed names as `openssl rehash` makes it.
VerifierResult trust_path(const std::string& path, const TrustOptions& options = {});
/// The store that libcrypto was built to use.
VerifierResult trust_system_store(const TrustOptions& options = {});
/// Verifiers for clients, which have no name to be checked (X.509 purpose clientAuth). Trust in a public authority would let in
/// whoever has a certificate of it, so there is none for the system's store.
using ClientVerifierResult = Result<std::shared_ptr<const ClientCertificateVerifier>, ConfigError>;
/// Certificates in PEM, at least one: authorities, or clients' own.
ClientVerifierResult trust_clients_pem(std::string_view certificates_pem, const TrustOptions& options = {});
/// A PEM file, or a directory of hashed names as `openssl rehash` makes it.
ClientVerifierResult trust_clients_path(const std::string& path, const TrustOptions& options = {});
/// The subject of a certificate in DER, for people: "CN=client 7,O=example" (RFC 2253), ASCII. Empty if it cannot be parsed or
/// has none.
std::string subject_of(ByteView certificate_der);
/// Accepts every certificate whose key can be used: anyone in the path can read and change everything.
std::shared_ptr<const CertificateVerifier> insecure_trust_anyone();

}  // namespace tocsin
