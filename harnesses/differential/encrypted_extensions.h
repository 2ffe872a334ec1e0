#pragma once
#include <optional>
#include <string>

#include "tocsin/algorithms.h"
#include "tocsin/bytes.h"

namespace tocsin::differential {

/// The application protocol in the EncryptedExtensions that a server has sent, or empty; nothing if they cannot be read.
/// sent: everything that it sent; secret: its handshake traffic secret.
std::optional<std::string> application_protocol_in(ByteView sent, CipherSuite suite, ByteView secret);

}  // namespace tocsin::differential
