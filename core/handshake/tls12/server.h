#pragma once
// A server's states of TLS 1.2 (RFC 5246 section 7.3), full handshakes over ECDHE and resumed ones, named after the message
// that they wait for, and their handlers. Each state holds what it may know, and nothing else.
#include <memory>
#include <variant>

#include "core/handshake/handler.h"
#include "core/handshake/tls12/keys.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/change_cipher_spec.h"
#include "core/wire/client_hello.h"
#include "core/wire/finished.h"
#include "core/wire/tls12/certificate.h"
#include "core/wire/tls12/key_exchange.h"

namespace tocsin::handshake::tls12 {

namespace server {

using Config = std::shared_ptr<const ServerConfig>;

/// What a client gets to resume the session with.
enum class Issue : std::uint8_t { nothing, ticket, session_id };
struct TicketIssuance {
  Issue what = Issue::nothing;
  Bytes id;  // of Issue::session_id
  MaxFragmentLength max_fragment_length{};
  std::vector<Bytes> chain;  // the client's
};

/// What the states before the master secret carry along. The key pair's public part was sent.
struct Progress {
  Config config;
  Transcript transcript;
  Randoms randoms;
  std::unique_ptr<KeyPair> key_pair;
  MasterSecret master_secret;
  Negotiated negotiated;
  TicketIssuance issuance;
};

struct WaitCertificate {  // one was requested
  static constexpr Traits traits{"TLS 1.2 server WAIT_CERT", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
};
struct WaitClientKeyExchange {
  static constexpr Traits traits{"TLS 1.2 server WAIT_CKE", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
  std::unique_ptr<PublicKey> client_key;  // null: the client does not authenticate
};
struct WaitCertificateVerify {
  static constexpr Traits traits{"TLS 1.2 server WAIT_CV", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<PublicKey> client_key;
  TicketIssuance issuance;
};
struct WaitChangeCipherSpec {
  static constexpr Traits traits{"TLS 1.2 server WAIT_CCS", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  TicketIssuance issuance;
};
struct WaitFinished {
  static constexpr Traits traits{"TLS 1.2 server WAIT_FINISHED", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  TicketIssuance issuance;
};
struct Connected {
  static constexpr Traits traits{"TLS 1.2 server CONNECTED", ProtocolVersion::tls12, Phase::connected};
  Config config;
  Established established;
};

}  // namespace server

/// A session is resumed: the server's change_cipher_spec and Finished are sent.
namespace server_resumed {

using Config = std::shared_ptr<const ServerConfig>;

struct WaitChangeCipherSpec {
  static constexpr Traits traits{"TLS 1.2 server WAIT_CCS, resumed", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
};
struct WaitFinished {
  static constexpr Traits traits{"TLS 1.2 server WAIT_FINISHED, resumed", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
};

To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<server::Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);

}  // namespace server_resumed

namespace server {

/// Not a message: TLS 1.2 was chosen. message: the ClientHello.
using Answered = std::variant<WaitCertificate, WaitClientKeyExchange, server_resumed::WaitChangeCipherSpec>;
Result<Answered> answer(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, const Context&,
                        Effects&);

To<WaitClientKeyExchange> on(WaitCertificate, const wire::tls12::Certificate&, const Context&, Effects&);
To<WaitCertificateVerify, WaitChangeCipherSpec> on(WaitClientKeyExchange, const wire::tls12::ClientKeyExchange&, const Context&,
                                                   Effects&);
To<WaitChangeCipherSpec> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::ClientHello&, const Context&, Effects&);

}  // namespace server

}  // namespace tocsin::handshake::tls12
