#pragma once
// The transition table: one overload of on() for each pair of state and message that RFC 9846 Appendix A and RFC 5246 7.3
// allow. The result lists the legal successors. A pair without an overload is message_unexpected.
#include <variant>

#include "core/handshake/context.h"
#include "core/handshake/effects.h"
#include "core/handshake/machine/state.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/change_cipher_spec.h"
#include "core/wire/client_hello.h"
#include "core/wire/dtls/hello_verify_request.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"
#include "core/wire/tls12/certificate.h"
#include "core/wire/tls12/key_exchange.h"
#include "core/wire/tls12/new_session_ticket.h"

namespace tocsin::handshake {

template <class... Next>
using To = Result<std::variant<Next...>>;

namespace server {

To<RecvdClientHello> on(WaitClientHello, const wire::ClientHello&, const Context&, Effects&);
To<WaitCertificate, WaitFinished> on(WaitSecondClientHello, const wire::ClientHello&, const Context&, Effects&);
To<WaitFinished, WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, const Context&, Effects&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::KeyUpdate&, const Context&, Effects&);

/// Not a message: the configuration has been chosen, and with it the version.
To<WaitSecondClientHello, WaitCertificate, WaitFinished, server12::WaitCertificate, server12::WaitClientKeyExchange,
   server12_resumed::WaitChangeCipherSpec>
choose(RecvdClientHello, Config config, const Context&, Effects&);

}  // namespace server

namespace client {

/// What the server chose with ALPN (RFC 7301 3.1). Reasons: extension_unsolicited, application_protocol_not_offered.
Result<std::string> selected_protocol(const ClientConfig& config, ByteView protocol);

/// Not a message: sends the first ClientHello.
Result<WaitServerHello> start(Config config, std::string_view name, bool sends_name, const Context&, Effects&);

To<WaitServerHelloAfterRetry> on(WaitServerHello, const wire::HelloRetryRequest&, const Context&, Effects&);
To<WaitServerHello> on(WaitServerHello, const wire::HelloVerifyRequest&, const Context&, Effects&);
To<WaitEncryptedExtensions, client12::WaitCertificate, client12_resumed::WaitNewSessionTicket,
   client12_resumed::WaitChangeCipherSpec>
on(WaitServerHello, const wire::ServerHello&, const Context&, Effects&);
To<WaitEncryptedExtensions> on(WaitServerHelloAfterRetry, const wire::ServerHello&, const Context&, Effects&);
To<WaitCertificateOrRequest> on(WaitEncryptedExtensions, const wire::EncryptedExtensions&, const Context&, Effects&);
To<WaitCertificate> on(WaitCertificateOrRequest, const wire::CertificateRequest&, const Context&, Effects&);
To<WaitCertificateVerify> on(WaitCertificateOrRequest, const wire::Certificate&, const Context&, Effects&);
To<WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, const Context&, Effects&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::NewSessionTicket&, const Context&, Effects&);
To<Connected> on(Connected, const wire::KeyUpdate&, const Context&, Effects&);

}  // namespace client

namespace server12 {

/// Not a message: TLS 1.2 was chosen. message: the ClientHello.
using Answered = std::variant<WaitCertificate, WaitClientKeyExchange, server12_resumed::WaitChangeCipherSpec>;
Result<Answered> answer(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, const Context&,
                        Effects&);

To<WaitClientKeyExchange> on(WaitCertificate, const wire::tls12::Certificate&, const Context&, Effects&);
To<WaitCertificateVerify, WaitChangeCipherSpec> on(WaitClientKeyExchange, const wire::tls12::ClientKeyExchange&, const Context&,
                                                   Effects&);
To<WaitChangeCipherSpec> on(WaitCertificateVerify, const wire::CertificateVerify&, const Context&, Effects&);
To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);
To<Connected> on(Connected, const wire::ClientHello&, const Context&, Effects&);

}  // namespace server12

namespace server12_resumed {

To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<server12::Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);

}  // namespace server12_resumed

namespace client12 {

/// Not a message of its own: the ServerHello has chosen TLS 1.2.
using Begun = std::variant<WaitCertificate, client12_resumed::WaitNewSessionTicket, client12_resumed::WaitChangeCipherSpec>;
Result<Begun> begin(client::Hello hello, Transcript transcript, const Context&, Effects&);

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

}  // namespace client12

namespace client12_resumed {

To<WaitChangeCipherSpec> on(WaitNewSessionTicket, const wire::tls12::NewSessionTicket&, const Context&, Effects&);
To<WaitFinished> on(WaitChangeCipherSpec, const wire::ChangeCipherSpec&, const Context&, Effects&);
To<client12::Connected> on(WaitFinished, const wire::Finished&, const Context&, Effects&);

}  // namespace client12_resumed

template <class S, class M>
concept Expects = requires(S state, const M& message, const Context& context, Effects& effects) {
  on(std::move(state), message, context, effects);
};

static_assert(Expects<server::WaitClientHello, wire::ClientHello>);  // else those below would say nothing
// RFC 9846 Appendix A: some rows that must not exist.
static_assert(!Expects<server::WaitClientHello, wire::Finished>);
static_assert(!Expects<server::WaitCertificate, wire::CertificateVerify>);
static_assert(!Expects<server::WaitCertificate, wire::Finished>);  // asked for one, a client sends a Certificate (4.5.1)
static_assert(!Expects<server::WaitCertificateVerify, wire::Certificate>);
static_assert(!Expects<server::WaitCertificateVerify, wire::Finished>);  // a certificate without proof is none (4.5.2)
static_assert(!Expects<server::WaitFinished, wire::Certificate>);        // none was requested (4.5.1)
static_assert(!Expects<server::WaitFinished, wire::CertificateVerify>);
static_assert(!Expects<server::WaitFinished, wire::ClientHello>);
static_assert(!Expects<server::WaitFinished, wire::KeyUpdate>);
static_assert(!Expects<server::Connected, wire::ClientHello>);                        // no renegotiation (4.2.2)
static_assert(!Expects<server::Connected, wire::NewSessionTicket>);                   // a server's message (4.7.1)
static_assert(!Expects<client::WaitServerHelloAfterRetry, wire::HelloRetryRequest>);  // a second retry (4.2.4)
static_assert(!Expects<client::WaitEncryptedExtensions, wire::Certificate>);
static_assert(!Expects<client::WaitCertificateOrRequest, wire::Finished>);  // no PSK: the server must authenticate (4.5.1)
static_assert(!Expects<client::WaitCertificate, wire::CertificateRequest>);
static_assert(!Expects<client::WaitCertificateVerify, wire::Finished>);
static_assert(!Expects<client::WaitFinished, wire::KeyUpdate>);
// RFC 5246 7.3, 7.1.
static_assert(!Expects<server12::WaitClientKeyExchange, wire::Finished>);
static_assert(!Expects<server12::WaitClientKeyExchange, wire::ChangeCipherSpec>);  // CVE-2014-0224
static_assert(!Expects<server12::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<server12::WaitCertificateVerify, wire::ChangeCipherSpec>);
static_assert(!Expects<server12::WaitCertificate, wire::tls12::ClientKeyExchange>);
static_assert(!Expects<client12::WaitCertificate, wire::tls12::ServerKeyExchange>);
static_assert(!Expects<client12::WaitServerKeyExchange, wire::tls12::ServerHelloDone>);
static_assert(!Expects<client12::WaitServerHelloDone, wire::ChangeCipherSpec>);
static_assert(!Expects<client12::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<client12::Connected, wire::KeyUpdate>);
// RFC 5077 3.3: a NewSessionTicket comes where it was promised, and nowhere else; a resumed handshake is no full one.
static_assert(!Expects<client12::WaitNewSessionTicket, wire::ChangeCipherSpec>);
static_assert(!Expects<client12::WaitChangeCipherSpec, wire::tls12::NewSessionTicket>);
static_assert(!Expects<client12::Connected, wire::tls12::NewSessionTicket>);
static_assert(!Expects<client12_resumed::WaitNewSessionTicket, wire::ChangeCipherSpec>);
static_assert(!Expects<client12_resumed::WaitChangeCipherSpec, wire::tls12::NewSessionTicket>);
static_assert(!Expects<client12_resumed::WaitChangeCipherSpec, wire::tls12::Certificate>);
static_assert(!Expects<client12_resumed::WaitChangeCipherSpec, wire::tls12::ServerHelloDone>);
static_assert(!Expects<server12_resumed::WaitChangeCipherSpec, wire::tls12::ClientKeyExchange>);
static_assert(!Expects<server12_resumed::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<client::Connected, wire::CertificateRequest>);  // post_handshake_auth is not offered (4.7.2)

}  // namespace tocsin::handshake
