#pragma once
// The ServerHello of TLS 1.2, of full handshakes and of resumed ones, and the NewSessionTicket.
#include "core/handshake/context.h"
#include "core/handshake/effects.h"
#include "core/handshake/tls12/server.h"
#include "core/handshake/tls12/session.h"
#include "core/wire/client_hello.h"

namespace tocsin::handshake::tls12::server {

/// A server's random. RFC 9846 4.2.3: a server that could speak TLS 1.3 says so in it. Reason: crypto_failed.
Result<wire::Random> make_random(const ServerConfig& config, Transport transport);

struct HelloChoices {
  CipherSuite suite;
  ByteView application_protocol;  // empty: none
  ByteView session_id;            // the client's own: it is resumed
  bool acknowledges_name;
  bool promises_ticket;
  bool is_resumed;
};
/// Sends it, and takes it to the transcript.
Result<Done> send_server_hello(const ServerConfig& config, const wire::ClientHello& hello, const HelloChoices& choices,
                               const wire::Random& random, Transcript& transcript, const Context& context, Effects& effects);

/// What such a ServerHello has settled of connection ids (RFC 9146 3): in a resumed handshake as in a full one.
void take_connection_id(const wire::ClientHello& hello, const Context& context, Negotiated& negotiated);

/// Whether tickets are made and opened.
bool makes_tickets(const ServerConfig& config, UnixSeconds now);

/// The one that was promised; an empty one if the session is too long for it, or the date is not known any more (RFC 5077 3.3).
/// Reason: crypto_failed.
Result<Done> send_ticket(const ServerConfig& config, const Session& session, UnixSeconds now, Transcript& transcript,
                         Effects& effects);

/// What a client that wants a session gets after a full handshake. Draws an id if it is that. Reason: crypto_failed.
Result<TicketIssuance> choose_issuance(const ServerConfig& config, const wire::ClientHello& hello, UnixSeconds now);

}  // namespace tocsin::handshake::tls12::server
