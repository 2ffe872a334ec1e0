#include "harnesses/differential/x509.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "harnesses/stacks/openssl/context.h"
#include "harnesses/testdata/testdata.h"

namespace tocsin::differential {
namespace {

using stacks::OpenSslPtr;
using CertificatePtr = OpenSslPtr<X509, X509_free>;

CertificatePtr parsed(ByteView der) {
  const std::uint8_t* at = der.data();
  CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return at == der.data() + der.size() ? std::move(certificate) : nullptr;
}

CertificatePtr named(std::string_view name) {
  const std::string_view text = testdata::pem(name);
  const OpenSslPtr<BIO, BIO_free_all> source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  return CertificatePtr(PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr));
}

}  // namespace

Bytes certificate_named(std::string_view name) {
  const CertificatePtr one = named(name);
  std::uint8_t* der = nullptr;
  const int size_bytes = i2d_X509(one.get(), &der);
  const Bytes copy(der, der + size_bytes);
  OPENSSL_free(der);
  return copy;
}

bool is_certificate(ByteView der) { return parsed(der) != nullptr; }

bool is_forged_certificate(ByteView der) {
  const CertificatePtr certificate = parsed(der), issuer = named("ca");
  if (certificate == nullptr) return false;
  if (X509_get0_pubkey(certificate.get()) == nullptr) return true;  // whoever is named as the issuer
  return X509_NAME_cmp(X509_get_issuer_name(certificate.get()), X509_get_subject_name(issuer.get())) == 0 &&
         X509_verify(certificate.get(), X509_get0_pubkey(issuer.get())) != 1;
}

}  // namespace tocsin::differential
