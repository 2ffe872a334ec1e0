#pragma once
// What a server makes of a ClientHello for which TLS 1.3 was chosen: a pure function.
#include "core/wire/client_hello.h"
#include "tocsin/config.h"

namespace tocsin::handshake::tls13 {

/// What a ClientHello must be for TLS 1.3 (RFC 9846 4.2.2, 4.3, 9.2). Reasons: legacy_version_wrong, compression_invalid,
/// extension_missing, key_share_duplicate, key_share_group_wrong, and those of check_record_limits.
Result<Done> check_client_hello(const ServerConfig& config, const wire::ClientHello& hello);

}  // namespace tocsin::handshake::tls13
