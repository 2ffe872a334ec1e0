#pragma once
// The transition table: one overload of on() for each pair of state and message that RFC 8446 Appendix A allows. The result
// lists the legal successors. A pair without an overload is message_unexpected.
#include <variant>

#include "core/handshake/effects.h"
#include "core/handshake/states.h"
#include "core/wire/certificate.h"
#include "core/wire/certificate_verify.h"
#include "core/wire/client_hello.h"
#include "core/wire/encrypted_extensions.h"
#include "core/wire/finished.h"
#include "core/wire/post_handshake.h"
#include "core/wire/server_hello.h"

namespace tocsin::handshake {

struct Context {
  ByteView raw;  // the message with its 4-byte header, for the transcript
  Effects& effects;
};

template <class... Next>
using To = Result<std::variant<Next...>>;

namespace server {

To<RecvdClientHello> on(WaitClientHello, const wire::ClientHello&, Context&);
To<WaitCertificate, WaitFinished> on(WaitSecondClientHello, const wire::ClientHello&, Context&);
To<WaitFinished, WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, Context&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, Context&);
To<Connected> on(WaitFinished, const wire::Finished&, Context&);
To<Connected> on(Connected, const wire::KeyUpdate&, Context&);

/// Not a message: the configuration has been chosen. now: for the validity of a client's certificate.
To<WaitSecondClientHello, WaitCertificate, WaitFinished> choose(RecvdClientHello, Config config, UnixSeconds now, Effects&);

}  // namespace server

namespace client {

/// Not a message: sends the first ClientHello.
Result<WaitServerHello> start(Config config, std::string_view name, bool sends_name, UnixSeconds now, Effects&);

To<WaitServerHelloAfterRetry> on(WaitServerHello, const wire::HelloRetryRequest&, Context&);
To<WaitEncryptedExtensions> on(WaitServerHello, const wire::ServerHello&, Context&);
To<WaitEncryptedExtensions> on(WaitServerHelloAfterRetry, const wire::ServerHello&, Context&);
To<WaitCertificateOrRequest> on(WaitEncryptedExtensions, const wire::EncryptedExtensions&, Context&);
To<WaitCertificate> on(WaitCertificateOrRequest, const wire::CertificateRequest&, Context&);
To<WaitCertificateVerify> on(WaitCertificateOrRequest, const wire::Certificate&, Context&);
To<WaitCertificateVerify> on(WaitCertificate, const wire::Certificate&, Context&);
To<WaitFinished> on(WaitCertificateVerify, const wire::CertificateVerify&, Context&);
To<Connected> on(WaitFinished, const wire::Finished&, Context&);
To<Connected> on(Connected, const wire::NewSessionTicket&, Context&);
To<Connected> on(Connected, const wire::KeyUpdate&, Context&);

}  // namespace client

template <class S, class M>
concept Expects = requires(S state, const M& message, Context& context) {
  on(std::move(state), message, context);
};

// RFC 8446 Appendix A: some rows that must not exist.
static_assert(!Expects<server::WaitClientHello, wire::Finished>);
static_assert(!Expects<server::WaitCertificate, wire::CertificateVerify>);
static_assert(!Expects<server::WaitCertificate, wire::Finished>);  // asked for one, a client sends a Certificate (4.4.2)
static_assert(!Expects<server::WaitCertificateVerify, wire::Certificate>);
static_assert(!Expects<server::WaitCertificateVerify, wire::Finished>);  // a certificate without proof is none (4.4.3)
static_assert(!Expects<server::WaitFinished, wire::Certificate>);        // none was requested (4.4.2)
static_assert(!Expects<server::WaitFinished, wire::CertificateVerify>);
static_assert(!Expects<server::WaitFinished, wire::ClientHello>);
static_assert(!Expects<server::WaitFinished, wire::KeyUpdate>);
static_assert(!Expects<server::Connected, wire::ClientHello>);                        // no renegotiation (4.1.2)
static_assert(!Expects<server::Connected, wire::NewSessionTicket>);                   // a server's message (4.6.1)
static_assert(!Expects<client::WaitServerHelloAfterRetry, wire::HelloRetryRequest>);  // a second retry (4.1.4)
static_assert(!Expects<client::WaitEncryptedExtensions, wire::Certificate>);
static_assert(!Expects<client::WaitCertificateOrRequest, wire::Finished>);  // no PSK: the server must authenticate (4.4.2)
static_assert(!Expects<client::WaitCertificate, wire::CertificateRequest>);
static_assert(!Expects<client::WaitCertificateVerify, wire::Finished>);
static_assert(!Expects<client::WaitFinished, wire::KeyUpdate>);
static_assert(!Expects<client::Connected, wire::CertificateRequest>);  // post_handshake_auth is not offered (4.6.2)

}  // namespace tocsin::handshake
