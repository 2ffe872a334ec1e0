#pragma once
// What a connection of libssl came to, in this project's terms.
#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <string_view>

#include "tocsin/bytes.h"
#include "tocsin/negotiated.h"

namespace tocsin::stacks {

/// Without what libssl does not say: signature_scheme, server_name, retried; in TLS 1.2 and DTLS 1.2 the group as well.
Negotiated negotiated_of(SSL* ssl);

/// Once the handshake is complete.
std::optional<Bytes> exported_key(SSL* ssl, std::string_view label, std::optional<ByteView> context, std::size_t size_bytes);

/// The reason in libssl's error code, as text; empty if it has none.
std::string reason_of(unsigned long error_code);

}  // namespace tocsin::stacks
