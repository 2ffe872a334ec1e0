#pragma once
#include "tocsin/bytes.h"

namespace tocsin::differential {

/// Whether this is one certificate in DER, and nothing else.
bool is_certificate(ByteView der);
/// Whether it is one, and its key cannot be read, or it names the test's authority as its issuer, which did not sign it.
bool is_forged_certificate(ByteView der);

}  // namespace tocsin::differential
