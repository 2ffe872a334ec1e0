#pragma once
#include <string_view>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

/// The secret in a line in SSLKEYLOGFILE format ("LABEL random secret"); empty if it has another label.
Bytes secret_in(std::string_view key_log_line, std::string_view label);

}  // namespace tocsin::stacks
