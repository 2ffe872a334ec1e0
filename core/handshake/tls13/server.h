#pragma once
// A server's states of TLS 1.3, named after RFC 9846 Appendix A.2, and their handlers. Each state holds what it may know, and
// nothing else.
#include <memory>
#include <variant>

#include "core/handshake/established.h"
#include "core/handshake/handler.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"

namespace tocsin::handshake::tls13::server {

using Config = std::shared_ptr<const ServerConfig>;

/// After a HelloRetryRequest.
struct WaitSecondClientHello {
  static constexpr Traits traits{"TLS 1.3 server START after HelloRetryRequest", ProtocolVersion::tls13, Phase::handshake};
  Config config;
  Transcript transcript;
  CipherSuite suite;
  NamedGroup group;
  Secret first_hello_digest;  // of what the second ClientHello must repeat
  bool early_data_offered;    // records of it may still come and are skipped
};

/// What the states that wait for the client to authenticate itself carry along.
struct ClientFlight {
  Config config;
  Transcript transcript;
  Secret client_traffic;  // of the handshake: the key of the client's Finished follows from it
  Established established;
};

struct WaitCertificate {  // a certificate was requested
  static constexpr Traits traits{.name = "TLS 1.3 server WAIT_CERT",
                                 .version = ProtocolVersion::tls13,
                                 .phase = Phase::handshake,
                                 .awaits_answer_to_flight = true};
  ClientFlight flight;
  bool early_data_offered;
};
struct WaitCertificateVerify {
  static constexpr Traits traits{"TLS 1.3 server WAIT_CV", ProtocolVersion::tls13, Phase::handshake};
  ClientFlight flight;
  std::unique_ptr<PublicKey> client_key;
  Bytes client_certificate;  // the end entity's
};

/// WAIT_FINISHED, and WAIT_FLIGHT2 without client authentication.
struct WaitFinished {
  static constexpr Traits traits{.name = "TLS 1.3 server WAIT_FINISHED",
                                 .version = ProtocolVersion::tls13,
                                 .phase = Phase::handshake,
                                 .awaits_answer_to_flight = true};
  Config config;
  Secret expected_verify_data;
  Established established;
  bool early_data_offered;
};

struct Connected {
  static constexpr Traits traits{"TLS 1.3 server CONNECTED", ProtocolVersion::tls13, Phase::connected};
  Config config;
  Established established;
};

/// Not a message: TLS 1.3 was chosen. message: the ClientHello.
using Answered = std::variant<WaitSecondClientHello, WaitCertificate, WaitFinished>;
Result<Answered> answer(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, const Context&,
                        Effects&);

To<WaitCertificate, WaitFinished> on(WaitSecondClientHello, const wire::ClientHello&, const Context&, Effects&);
To<WaitFinished, WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, const Context&, Effects&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::KeyUpdate&, const Context&, Effects&);

}  // namespace tocsin::handshake::tls13::server
