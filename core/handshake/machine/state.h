#pragma once
// The states of both roles: those before a version is chosen, those of TLS 1.3 and those of TLS 1.2.
#include <variant>

#include "core/handshake/hello/client.h"
#include "core/handshake/hello/server.h"

namespace tocsin::handshake {

using State = std::variant<
    server::WaitClientHello, server::RecvdClientHello, tls13::server::WaitSecondClientHello, tls13::server::WaitCertificate,
    tls13::server::WaitCertificateVerify, tls13::server::WaitFinished, tls13::server::Connected, client::WaitServerHello,
    tls13::client::WaitServerHelloAfterRetry, tls13::client::WaitEncryptedExtensions, tls13::client::WaitCertificateOrRequest,
    tls13::client::WaitCertificate, tls13::client::WaitCertificateVerify, tls13::client::WaitFinished, tls13::client::Connected,
    tls12::server::WaitCertificate, tls12::server::WaitClientKeyExchange, tls12::server::WaitCertificateVerify,
    tls12::server::WaitChangeCipherSpec, tls12::server::WaitFinished, tls12::server::Connected, tls12::client::WaitCertificate,
    tls12::client::WaitServerKeyExchange, tls12::client::WaitServerHelloDone, tls12::client::WaitServerHelloDoneAfterRequest,
    tls12::client::WaitChangeCipherSpec, tls12::client::WaitFinished, tls12::client::Connected,
    tls12::client::WaitNewSessionTicket, tls12::server_resumed::WaitChangeCipherSpec, tls12::server_resumed::WaitFinished,
    tls12::client_resumed::WaitNewSessionTicket, tls12::client_resumed::WaitChangeCipherSpec,
    tls12::client_resumed::WaitFinished>;

template <class V>
constexpr bool all_have_traits = false;
template <class... S>
constexpr bool all_have_traits<std::variant<S...>> = (HasTraits<S> && ...);
static_assert(all_have_traits<State>);

const Traits& traits_of(const State& state);

/// The connected part of a state, or null during the handshake.
Established* established_of(State& state);

/// RFC 9846 5: in TLS 1.3 a change_cipher_spec is tolerated from the first ClientHello to the peer's Finished.
bool tolerates_change_cipher_spec(const State& state);
/// RFC 9846 4.3.10: rejected early data may still arrive.
bool skips_early_data(const State& state);
/// RFC 5246 7.2: in TLS 1.2, or while it still may be chosen, an alert of level warning need not end the connection.
bool heeds_alert_levels(const State& state);

}  // namespace tocsin::handshake
