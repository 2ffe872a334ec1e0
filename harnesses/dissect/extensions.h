#pragma once
// What extensions hold, by type and message.
#include <optional>

#include "harnesses/dissect/field.h"

namespace tocsin::dissect {

/// Nothing if none is known: the extension's data are opaque then.
std::optional<Fields> fields_of_extension(std::uint64_t type, wire::Carrier carrier);

}  // namespace tocsin::dissect
