#pragma once
// A client's states of TLS 1.3, named after RFC 9846 Appendix A.1, and their handlers. Each state holds what it may know, and
// nothing else.
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "core/crypto/tls13/key_schedule.h"
#include "core/handshake/client_offer.h"
#include "core/handshake/established.h"
#include "core/handshake/handler.h"
#include "core/handshake/negotiation.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"

namespace tocsin::handshake::tls13::client {

using Config = std::shared_ptr<const ClientConfig>;

struct WaitServerHelloAfterRetry {
  static constexpr Traits traits{"TLS 1.3 client WAIT_SH after HelloRetryRequest", ProtocolVersion::tls13, Phase::handshake};
  ClientOffer offer;
  Transcript transcript;
  std::vector<std::unique_ptr<KeyPair>> key_pairs;  // the one that was asked for, or the old ones if only a cookie was
  CipherSuite suite;
};

/// What every state between ServerHello and Finished carries along.
struct Progress {
  ClientOffer offer;
  Transcript transcript;
  crypto::HandshakeSecrets secrets;
  Negotiated negotiated;
};

struct WaitEncryptedExtensions {
  static constexpr Traits traits{"TLS 1.3 client WAIT_EE", ProtocolVersion::tls13, Phase::handshake};
  Progress progress;
};
struct WaitCertificateOrRequest {
  static constexpr Traits traits{"TLS 1.3 client WAIT_CERT_CR", ProtocolVersion::tls13, Phase::handshake};
  Progress progress;
};
struct WaitCertificate {  // a certificate was requested
  static constexpr Traits traits{"TLS 1.3 client WAIT_CERT", ProtocolVersion::tls13, Phase::handshake};
  Progress progress;
  CertificateChoice answer;
};
struct WaitCertificateVerify {
  static constexpr Traits traits{"TLS 1.3 client WAIT_CV", ProtocolVersion::tls13, Phase::handshake};
  Progress progress;
  std::unique_ptr<PublicKey> server_key;
  std::optional<CertificateChoice> answer;  // none: no certificate was requested
};
struct WaitFinished {
  static constexpr Traits traits{"TLS 1.3 client WAIT_FINISHED", ProtocolVersion::tls13, Phase::handshake};
  Progress progress;
  std::optional<CertificateChoice> answer;
};
struct Connected {
  static constexpr Traits traits{"TLS 1.3 client CONNECTED", ProtocolVersion::tls13, Phase::connected};
  Config config;
  Established established;
};

/// Not messages of their own: the first answer is a HelloRetryRequest, or a ServerHello that may choose TLS 1.3.
/// session_ticket: the one of the first ClientHello.
Result<WaitServerHelloAfterRetry> retry(ClientOffer offer, Transcript transcript,
                                        std::vector<std::unique_ptr<KeyPair>> key_pairs, std::optional<ByteView> session_ticket,
                                        const wire::HelloRetryRequest&, const Context&, Effects&);
Result<WaitEncryptedExtensions> begin(ClientOffer offer, Transcript transcript, std::vector<std::unique_ptr<KeyPair>> key_pairs,
                                      const wire::ServerHello&, const Context&, Effects&);

To<WaitEncryptedExtensions> on(WaitServerHelloAfterRetry, const wire::ServerHello&, const Context&, Effects&);
To<WaitCertificateOrRequest> on(WaitEncryptedExtensions, const wire::EncryptedExtensions&, const Context&, Effects&);
To<WaitCertificate> on(WaitCertificateOrRequest, const wire::CertificateRequest&, const Context&, Effects&);
To<WaitCertificateVerify> on(WaitCertificateOrRequest, const wire::Certificate&, const Context&, Effects&);
To<WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, const Context&, Effects&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::NewSessionTicket&, const Context&, Effects&);
To<Connected> on(Connected, const wire::KeyUpdate&, const Context&, Effects&);

}  // namespace tocsin::handshake::tls13::client
