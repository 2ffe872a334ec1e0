#pragma once
// A client's states of TLS 1.2 (RFC 5246 section 7.3), full handshakes over ECDHE and resumed ones, named after the message
// that they wait for, and their handlers. Each state holds what it may know, and nothing else.
#include <memory>
#include <variant>

#include "core/handshake/client_offer.h"
#include "core/handshake/handler.h"
#include "core/handshake/negotiation.h"
#include "core/handshake/tls12/keys.h"
#include "core/handshake/tls12/session.h"
#include "core/wire/change_cipher_spec.h"
#include "core/wire/finished.h"
#include "core/wire/tls12/certificate.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"

namespace tocsin::handshake::tls12 {

namespace client {

using Config = std::shared_ptr<const ClientConfig>;

/// What the states before the master secret carry along.
struct Progress {
  ClientOffer offer;
  Transcript transcript;
  Randoms randoms;
  MasterSecret master_secret;
  Negotiated negotiated;
  std::unique_ptr<ClientSession> session;  // what may be kept of this handshake
  bool promises_ticket;                    // the server does
};

struct WaitCertificate {
  static constexpr Traits traits{"TLS 1.2 client WAIT_CERT", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
};
struct WaitServerKeyExchange {
  static constexpr Traits traits{"TLS 1.2 client WAIT_SKE", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
  std::unique_ptr<PublicKey> server_key;
};
struct WaitServerHelloDone {  // or a CertificateRequest
  static constexpr Traits traits{"TLS 1.2 client WAIT_CR_SHD", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
  Bytes server_public_key;
};
struct WaitServerHelloDoneAfterRequest {
  static constexpr Traits traits{"TLS 1.2 client WAIT_SHD", ProtocolVersion::tls12, Phase::handshake};
  Progress progress;
  Bytes server_public_key;
  CertificateChoice answer;
};
struct WaitNewSessionTicket {  // which was promised (RFC 5077 3.3)
  static constexpr Traits traits{"TLS 1.2 client WAIT_NST", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> session;
};
struct WaitChangeCipherSpec {
  static constexpr Traits traits{"TLS 1.2 client WAIT_CCS", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> session;
};
struct WaitFinished {
  static constexpr Traits traits{"TLS 1.2 client WAIT_FINISHED", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> session;
};
struct Connected {
  static constexpr Traits traits{"TLS 1.2 client CONNECTED", ProtocolVersion::tls12, Phase::connected};
  Config config;
  Established established;
};

}  // namespace client

/// The server resumes the session that was offered: its Finished comes first (RFC 5246 7.3).
namespace client_resumed {

using Config = std::shared_ptr<const ClientConfig>;

struct WaitNewSessionTicket {
  static constexpr Traits traits{"TLS 1.2 client WAIT_NST, resumed", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> session;
};
struct WaitChangeCipherSpec {
  static constexpr Traits traits{"TLS 1.2 client WAIT_CCS, resumed", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> renewed;  // with a new ticket
};
struct WaitFinished {
  static constexpr Traits traits{"TLS 1.2 client WAIT_FINISHED, resumed", ProtocolVersion::tls12, Phase::handshake};
  Config config;
  PendingKeys keys;
  std::unique_ptr<ClientSession> renewed;
};

/// RFC 5246 7.4.1.1: ignored while a handshake is under way.
template <class S>
  requires(S::traits.phase == Phase::handshake)
To<S> on(S state, const wire::tls12::HelloRequest&, const Context&, Effects&) {
  return {std::move(state)};
}
To<WaitChangeCipherSpec> on(WaitNewSessionTicket, const wire::tls12::NewSessionTicket&, const Context&, Effects&);
To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<client::Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);

}  // namespace client_resumed

namespace client {

/// Not a message of its own: the ServerHello has chosen TLS 1.2. offered: a session, or null.
using Begun = std::variant<WaitCertificate, client_resumed::WaitNewSessionTicket, client_resumed::WaitChangeCipherSpec>;
Result<Begun> begin(ClientOffer offer, std::unique_ptr<ClientSession> offered, Transcript transcript, const Context&, Effects&);

/// RFC 5246 7.4.1.1: ignored while a handshake is under way.
template <class S>
  requires(S::traits.phase == Phase::handshake)
To<S> on(S state, const wire::tls12::HelloRequest&, const Context&, Effects&) {
  return {std::move(state)};
}
To<WaitServerKeyExchange> on(WaitCertificate, const wire::tls12::Certificate&, const Context&, Effects&);
To<WaitServerHelloDone> on(WaitServerKeyExchange, const wire::tls12::ServerKeyExchange&, const Context&, Effects&);
To<WaitServerHelloDoneAfterRequest> on(WaitServerHelloDone, const wire::tls12::CertificateRequest&, const Context&, Effects&);
To<WaitNewSessionTicket, WaitChangeCipherSpec> on(WaitServerHelloDone, const wire::tls12::ServerHelloDone&, const Context&,
                                                  Effects&);
To<WaitNewSessionTicket, WaitChangeCipherSpec> on(WaitServerHelloDoneAfterRequest, const wire::tls12::ServerHelloDone&,
                                                  const Context&, Effects&);
To<WaitChangeCipherSpec> on(WaitNewSessionTicket, const wire::tls12::NewSessionTicket&, const Context&, Effects&);
To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::tls12::HelloRequest&, const Context&, Effects&);

}  // namespace client

}  // namespace tocsin::handshake::tls12
