#pragma once
// How a server of TLS 1.2 resumes a session (RFC 5246 section 7.3, RFC 5077 section 3).
#include "core/handshake/tls12/server.h"
#include "core/handshake/tls12/session.h"

namespace tocsin::handshake::tls12::server_resumed {

/// A session that a ClientHello asks for and that may be resumed.
struct Found {
  Session session;
  Bytes store_key;  // empty: it came as a ticket
};

/// What cannot be resumed is nothing, and a full handshake follows: a ticket that does not open, a session that is too old, of
/// another version or server name (RFC 6066 3), with a suite that either end does not want any more or another
/// max_fragment_length than would be granted now, or that does not say of the client what the configuration asks for now. A
/// client's certificates are verified again, at this time and by this configuration: so a session never gives what a full
/// handshake would refuse. Reasons: extended_master_secret_changed; crypto_failed.
Result<std::optional<Found>> find_session(const ServerConfig& config, const wire::ClientHello& hello, const Context& context);

/// Sends the whole flight. Everything else is negotiated anew. Reasons: no_common_application_protocol, crypto_failed.
Result<WaitChangeCipherSpec> resume(Config config, const wire::ClientHello& hello, const HandshakeMessage& message, Found found,
                                    const Context& context, Effects& effects);

}  // namespace tocsin::handshake::tls12::server_resumed
