#pragma once
// How a client of TLS 1.2 resumes a session (RFC 5246 section 7.3, RFC 5077 section 3), and keeps one.
#include "core/handshake/tls12/client.h"
#include "core/wire/tls12/server_hello.h"

namespace tocsin::handshake::tls12::client_resumed {

/// What the store has for the server, if a full handshake would come to the same: the server's certificates are verified again,
/// at this time and by this configuration, a certificate of the client's own is still one that it would show, and it would ask
/// for the same max_fragment_length. Null: there is nothing to offer.
std::unique_ptr<ClientSession> session_to_offer(const ClientConfig& config, Transport transport, std::string_view server_name,
                                                UnixSeconds now);

bool echoes_session_id(const ClientOffer& offer, const wire::tls12::ServerHello& message);

/// RFC 5077 3.4, RFC 5246 7.4.1.3: the server resumes what was offered exactly if it echoes the session id.
bool is_resumed(const ClientOffer& offer, const ClientSession* offered, const wire::tls12::ServerHello& message);

using Resumed = std::variant<WaitNewSessionTicket, WaitChangeCipherSpec>;
/// The ServerHello resumes the session, and is right otherwise. negotiated: what it says anew.
/// Reasons: session_cipher_suite_changed, extended_master_secret_changed, crypto_failed.
Result<Resumed> begin(ClientOffer offer, std::unique_ptr<ClientSession> offered, Transcript transcript,
                      const wire::tls12::ServerHello& message, Negotiated negotiated, const Context& context, Effects& effects);

/// The ticket in the place of what a session had to be resumed by; an empty one changes nothing (RFC 5077 3.3).
void take_ticket(const ClientConfig& config, const wire::tls12::NewSessionTicket& message, UnixSeconds now,
                 ClientSession& session);

/// Once the handshake is complete: for the next connection, if there is something to ask for it by.
void keep(const ClientConfig& config, const ClientSession* session, Effects& effects);

}  // namespace tocsin::handshake::tls12::client_resumed
