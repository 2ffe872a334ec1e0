#include "harnesses/stacks/openssl/certificate.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

namespace tocsin::stacks {

std::optional<CertificateSeen> read_certificate(ByteView der) {
  const std::uint8_t* at = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())),
                                                                X509_free);
  const EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  int hash = NID_undef;
  const bool is_read = key != nullptr && X509_get_signature_info(certificate.get(), &hash, nullptr, nullptr, nullptr) == 1;
  ERR_clear_error();
  if (!is_read) return std::nullopt;
  constexpr int strong_bits = 112;
  return CertificateSeen{hash == NID_md5 || hash == NID_sha1, EVP_PKEY_get_security_bits(key) >= strong_bits};
}

}  // namespace tocsin::stacks
