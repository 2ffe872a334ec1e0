#pragma once
// The lengths that RFC 9846 allows, stated a second time and apart from the decoders: whether a decoded message keeps to them.
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"

namespace tocsin::harness {

bool has_legal_lengths(const wire::ClientHello& message);
bool has_legal_lengths(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& message);
bool has_legal_lengths(const wire::EncryptedExtensions& message);
bool has_legal_lengths(const wire::Certificate& message);
bool has_legal_lengths(const wire::CertificateRequest& message);
inline bool has_legal_lengths(const wire::CertificateVerify&) { return true; }  // opaque signature<0..2^16-1>
inline bool has_legal_lengths(const wire::Finished&) { return true; }           // the hash's length
bool has_legal_lengths(const wire::NewSessionTicket& message);
inline bool has_legal_lengths(const wire::KeyUpdate&) { return true; }

}  // namespace tocsin::harness
