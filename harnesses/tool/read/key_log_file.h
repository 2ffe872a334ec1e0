#pragma once
// A file in SSLKEYLOGFILE format (RFC 9850), of one connection.
#include <string>
#include <string_view>

#include "harnesses/stacks/key_log.h"

namespace tocsin::tool {

/// text: the file's. Empty lines and those that begin with # are passed over. Throws UsageError, with the number of the line:
/// for what is no "LABEL client_random secret" in hex, for secrets of two connections, and if there is none. client_random:
/// empty, or that of the connection, whose lines alone are read then.
stacks::KeyLogSecrets read_key_log(std::string_view text, ByteView client_random);

}  // namespace tocsin::tool
