#pragma once
// The two ends of a connection.
#include <cstdint>

namespace tocsin {

enum class Role : std::uint8_t { client, server };

}  // namespace tocsin
