#pragma once
// Decorators that call back before every operation: what an application's own cryptography, verifiers and stores may do in the
// midst of a connection's call, throwing included.
#include <functional>
#include <memory>

#include "tocsin/provider.h"
#include "tocsin/sessions.h"

namespace tocsin::harness {

/// May throw.
using CallBack = std::function<void()>;

std::shared_ptr<Provider> make_calling_provider(std::shared_ptr<Provider> inner, CallBack call);
std::shared_ptr<const CertifiedKey> calling_certified_key(const CertifiedKey& inner, CallBack call);
std::shared_ptr<const CertificateVerifier> make_calling_verifier(std::shared_ptr<const CertificateVerifier> inner,
                                                                 CallBack call);
std::shared_ptr<const ClientCertificateVerifier> make_calling_verifier(std::shared_ptr<const ClientCertificateVerifier> inner,
                                                                       CallBack call);
std::shared_ptr<SessionStore> make_calling_store(std::shared_ptr<SessionStore> inner, CallBack call);

}  // namespace tocsin::harness
