#include "core/crypto/openssl/known_certificates.h"

#include <algorithm>

namespace tocsin::crypto {

CertificatePtr parse_certificate(ByteView der) {
  const std::uint8_t* at = der.data();
  CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate && at != der.data() + der.size()) return nullptr;
  return certificate;
}

CertificatePtr KnownCertificates::parse(ByteView der) const {
  {
    const std::lock_guard lock(mutex_);
    const auto is_it = [&](const Known& known) { return std::ranges::equal(known.der, der); };
    const auto found = std::ranges::find_if(known_, is_it);
    if (found != known_.end() && X509_up_ref(found->certificate.get()) == 1) return CertificatePtr(found->certificate.get());
  }
  return parse_certificate(der);
}

void KnownCertificates::keep(ByteView der, X509* certificate) {
  if (kept_max_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (std::ranges::any_of(known_, [&](const Known& known) { return std::ranges::equal(known.der, der); })) return;
  if (X509_up_ref(certificate) != 1) return;
  Known known{Bytes(der.begin(), der.end()), CertificatePtr(certificate)};
  if (known_.size() < kept_max_) {
    known_.push_back(std::move(known));
  } else {
    known_[oldest_++ % kept_max_] = std::move(known);
  }
}

}  // namespace tocsin::crypto
