#pragma once
#include "tocsin/bytes.h"

namespace tocsin::differential {

/// Whether this is one certificate in DER, and nothing else.
bool is_certificate(ByteView der);

}  // namespace tocsin::differential
