#pragma once
// The certificates of the chains that verified lately, parsed: libcrypto takes longer to parse a certificate than to verify a
// signature.
#include <mutex>

#include "core/crypto/openssl/support.h"

namespace tocsin::crypto {

/// For any number of threads.
class KnownCertificates {
 public:
  explicit KnownCertificates(std::size_t kept_max) : kept_max_(kept_max) {}

  /// The certificate in DER form, whole, from what is kept or parsed now; null if it is malformed.
  CertificatePtr parse(ByteView der) const;
  /// Keeps a certificate, in the place of the one that is kept longest.
  void keep(ByteView der, X509* certificate);

 private:
  struct Known {
    Bytes der;
    CertificatePtr certificate;
  };
  const std::size_t kept_max_;
  mutable std::mutex mutex_;
  std::vector<Known> known_;
  std::size_t oldest_ = 0;
};

/// Parses a certificate in DER form, whole; null if it is malformed.
CertificatePtr parse_certificate(ByteView der);

}  // namespace tocsin::crypto
