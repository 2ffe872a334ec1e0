#pragma once
#include <string_view>

#include "tocsin/bytes.h"

namespace tocsin::differential {

/// The first of harnesses/testdata/<name>.pem, in DER.
Bytes certificate_named(std::string_view name);
/// Whether this is one certificate in DER, and nothing else.
bool is_certificate(ByteView der);
/// Whether it is one, and its key cannot be read, or it names the test's authority as its issuer, which did not sign it.
bool is_forged_certificate(ByteView der);

}  // namespace tocsin::differential
