#pragma once
// How large the records of a connection may be: record_size_limit (RFC 8449), from the offer to the limits of both directions.
#include "core/handshake/effects.h"
#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake {

/// What a client asks for.
void offer_record_limits(const ClientConfig& config, wire::ClientHello& hello);

/// What every ClientHello must be. Reason: record_size_limit_invalid.
Result<Done> check_record_limits(const wire::ClientHello& hello);

/// The server's answer, and the limits that hold once it is sent.
void answer_record_limits(const ServerConfig& config, ProtocolVersion version, const wire::ClientHello& hello,
                          wire::ServerExtensions& answer, Effects& effects);

/// The client's reading of the answer, and the limits that hold from now on. Reasons: extension_unsolicited,
/// record_size_limit_invalid.
Result<Done> take_record_limits(const ClientConfig& config, ProtocolVersion version, const wire::ServerExtensions& answer,
                                Effects& effects);

}  // namespace tocsin::handshake
