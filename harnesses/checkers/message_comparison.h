#pragma once
// When two messages are the same, and when an encoded message is the canonical form of the bytes that it was decoded from.
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"

namespace tocsin::harness {

/// A decoder refuses with no other alerts than those that the RFC has for what cannot be decoded.
void check_refusal(const Fatal& refusal);

/// Field by field; the elements of lists one by one. The raw extensions of a ClientHello do not count.
bool is_same(const wire::ClientHello& a, const wire::ClientHello& b);
bool is_same(const wire::ServerHello& a, const wire::ServerHello& b);
bool is_same(const wire::HelloRetryRequest& a, const wire::HelloRetryRequest& b);
bool is_same(const std::variant<wire::ServerHello, wire::HelloRetryRequest>& a,
             const std::variant<wire::ServerHello, wire::HelloRetryRequest>& b);
bool is_same(const wire::EncryptedExtensions& a, const wire::EncryptedExtensions& b);
bool is_same(const wire::Certificate& a, const wire::Certificate& b);
bool is_same(const wire::CertificateRequest& a, const wire::CertificateRequest& b);
bool is_same(const wire::CertificateVerify& a, const wire::CertificateVerify& b);
bool is_same(const wire::Finished& a, const wire::Finished& b);
bool is_same(const wire::NewSessionTicket& a, const wire::NewSessionTicket& b);
bool is_same(const wire::KeyUpdate& a, const wire::KeyUpdate& b);

/// encoded is body without the extensions that a decoder passes over (unknown ones, padding, all of a ServerHello of TLS 1.2),
/// and with the others in some order; all else is equal byte for byte. Both are messages of this type without their header, and
/// both can be decoded.
bool is_canonical_form(HandshakeType type, ByteView encoded, ByteView body);

/// The same of TLS 1.2 and DTLS 1.2, where only a ClientHello has extensions that a decoder passes over.
bool is_canonical_tls12_form(HandshakeType type, ByteView encoded, ByteView body);

}  // namespace tocsin::harness
