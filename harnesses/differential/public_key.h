#pragma once
#include "tocsin/algorithms.h"
#include "tocsin/bytes.h"

namespace tocsin::differential {

/// Whether this is a public key of the group (RFC 9846 4.3.8, 7.4.2); true of a group that is not known here.
bool is_public_key(NamedGroup group, ByteView key);

}  // namespace tocsin::differential
