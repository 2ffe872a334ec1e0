#pragma once
// The transition table, asked for a row: RFC 9846 Appendix A and RFC 5246 7.3 allow a message in a state exactly if on() has an
// overload for the two. A pair without one is message_unexpected.
#include "core/handshake/machine/state.h"

namespace tocsin::handshake {

template <class S, class M>
concept Expects = requires(S state, const M& message, const Context& context, Effects& effects) {
  on(std::move(state), message, context, effects);
};

// Some that must exist, in each namespace: else those below would say nothing.
static_assert(Expects<server::WaitClientHello, wire::ClientHello>);
static_assert(Expects<client::WaitServerHello, wire::ServerHello>);
static_assert(Expects<tls13::server::WaitFinished, wire::Finished>);
static_assert(Expects<tls13::client::WaitFinished, wire::Finished>);
static_assert(Expects<tls12::server::WaitFinished, wire::Finished>);
static_assert(Expects<tls12::server_resumed::WaitFinished, wire::Finished>);
static_assert(Expects<tls12::client::WaitFinished, wire::Finished>);
static_assert(Expects<tls12::client_resumed::WaitFinished, wire::Finished>);
// RFC 9846 Appendix A: some rows that must not exist.
static_assert(!Expects<server::WaitClientHello, wire::Finished>);
static_assert(!Expects<tls13::server::WaitCertificate, wire::CertificateVerify>);
static_assert(!Expects<tls13::server::WaitCertificate, wire::Finished>);  // asked for one, a client sends a Certificate (4.5.1)
static_assert(!Expects<tls13::server::WaitCertificateVerify, wire::Certificate>);
static_assert(!Expects<tls13::server::WaitCertificateVerify, wire::Finished>);  // a certificate without proof is none (4.5.2)
static_assert(!Expects<tls13::server::WaitFinished, wire::Certificate>);        // none was requested (4.5.1)
static_assert(!Expects<tls13::server::WaitFinished, wire::CertificateVerify>);
static_assert(!Expects<tls13::server::WaitFinished, wire::ClientHello>);
static_assert(!Expects<tls13::server::WaitFinished, wire::KeyUpdate>);
static_assert(!Expects<tls13::server::Connected, wire::ClientHello>);                        // no renegotiation (4.2.2)
static_assert(!Expects<tls13::server::Connected, wire::NewSessionTicket>);                   // a server's message (4.7.1)
static_assert(!Expects<tls13::client::WaitServerHelloAfterRetry, wire::HelloRetryRequest>);  // a second retry (4.2.4)
static_assert(!Expects<tls13::client::WaitEncryptedExtensions, wire::Certificate>);
static_assert(
    !Expects<tls13::client::WaitCertificateOrRequest, wire::Finished>);  // no PSK: the server must authenticate (4.5.1)
static_assert(!Expects<tls13::client::WaitCertificate, wire::CertificateRequest>);
static_assert(!Expects<tls13::client::WaitCertificateVerify, wire::Finished>);
static_assert(!Expects<tls13::client::WaitFinished, wire::KeyUpdate>);
// RFC 5246 7.3, 7.1.
static_assert(!Expects<tls12::server::WaitClientKeyExchange, wire::Finished>);
static_assert(!Expects<tls12::server::WaitClientKeyExchange, wire::ChangeCipherSpec>);  // CVE-2014-0224
static_assert(!Expects<tls12::server::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<tls12::server::WaitCertificateVerify, wire::ChangeCipherSpec>);
static_assert(!Expects<tls12::server::WaitCertificate, wire::tls12::ClientKeyExchange>);
static_assert(!Expects<tls12::client::WaitCertificate, wire::tls12::ServerKeyExchange>);
static_assert(!Expects<tls12::client::WaitServerKeyExchange, wire::tls12::ServerHelloDone>);
static_assert(!Expects<tls12::client::WaitServerHelloDone, wire::ChangeCipherSpec>);
static_assert(!Expects<tls12::client::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<tls12::client::Connected, wire::KeyUpdate>);
// RFC 5077 3.3: a NewSessionTicket comes where it was promised, and nowhere else; a resumed handshake is no full one.
static_assert(!Expects<tls12::client::WaitNewSessionTicket, wire::ChangeCipherSpec>);
static_assert(!Expects<tls12::client::WaitChangeCipherSpec, wire::tls12::NewSessionTicket>);
static_assert(!Expects<tls12::client::Connected, wire::tls12::NewSessionTicket>);
static_assert(!Expects<tls12::client_resumed::WaitNewSessionTicket, wire::ChangeCipherSpec>);
static_assert(!Expects<tls12::client_resumed::WaitChangeCipherSpec, wire::tls12::NewSessionTicket>);
static_assert(!Expects<tls12::client_resumed::WaitChangeCipherSpec, wire::tls12::Certificate>);
static_assert(!Expects<tls12::client_resumed::WaitChangeCipherSpec, wire::tls12::ServerHelloDone>);
static_assert(!Expects<tls12::server_resumed::WaitChangeCipherSpec, wire::tls12::ClientKeyExchange>);
static_assert(!Expects<tls12::server_resumed::WaitChangeCipherSpec, wire::Finished>);
static_assert(!Expects<tls13::client::Connected, wire::CertificateRequest>);  // post_handshake_auth is not offered (4.7.2)

}  // namespace tocsin::handshake
