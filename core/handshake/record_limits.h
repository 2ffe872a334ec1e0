#pragma once
// How large the records of a connection may be, by the extensions that settle it: from the offer to the limits of both
// directions.
#include "core/handshake/effects.h"
#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What a client asks for.
void offer_record_limits(const ClientConfig& config, wire::ClientHello& hello);

/// What every ClientHello must be. Reasons: each extension's own, where its value is none of those allowed.
Result<Done> check_record_limits(const ServerConfig& config, const wire::ClientHello& hello);

/// The max_fragment_length that a server grants, once those are checked: what the client asks for, unless record_size_limit is
/// negotiated (RFC 8449 5).
MaxFragmentLength granted_max_fragment_length(const ServerConfig& config, const wire::ClientHello& hello);

/// The server's answer, and the limits that hold once it is sent.
void answer_record_limits(const ServerConfig& config, ProtocolVersion version, const wire::ClientHello& hello,
                          wire::ServerExtensions& answer, Effects& effects);

/// The client's reading of the answer, and the limits that hold from now on. Reasons: extension_unsolicited, and those of
/// values that are not allowed.
Result<Done> take_record_limits(const ClientConfig& config, ProtocolVersion version, const wire::ServerExtensions& answer,
                                Effects& effects);

/// The same where a session is resumed: its own length goes on to hold (RFC 6066 4), for which the answer says nothing (1.1),
/// or just that. record_size_limit is negotiated anew, and takes its place (RFC 8449 4, 5). of_session: what was granted then.
/// Reasons: as of take_record_limits.
Result<Done> resume_record_limits(const ClientConfig& config, ProtocolVersion version, MaxFragmentLength of_session,
                                  const wire::ServerExtensions& answer, Effects& effects);

}  // namespace tocsin::handshake
