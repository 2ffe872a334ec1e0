#pragma once
// What extensions hold, by type and message.
#include <optional>

#include "harnesses/dissect/field.h"

namespace tocsin::dissect {

/// Nothing if none is known: the extension's data are opaque then.
std::optional<Fields> fields_of_extension(std::uint64_t type, wire::Carrier carrier);
/// Whether it is known, and none of those that this message may have (RFC 9846 4.3, and where the extension is defined).
bool is_misplaced(std::uint64_t type, wire::Carrier carrier);
/// The fault of one that is.
inline constexpr std::string_view misplaced = "may not stand in this message (RFC 9846 4.3)";

}  // namespace tocsin::dissect
