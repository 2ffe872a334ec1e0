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

/// The server's answer, and the limits that hold once it is sent.
void answer_record_limits(const ServerConfig& config, ProtocolVersion version, const wire::ClientHello& hello,
                          wire::ServerExtensions& answer, Effects& effects);

/// The client's reading of the answer, and the limits that hold from now on. Reasons: extension_unsolicited, and those of
/// values that are not allowed.
Result<Done> take_record_limits(const ClientConfig& config, ProtocolVersion version, const wire::ServerExtensions& answer,
                                Effects& effects);

}  // namespace tocsin::handshake
