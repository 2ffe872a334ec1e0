#include "harnesses/differential/x509.h"

#include <openssl/x509.h>

#include "harnesses/stacks/openssl/context.h"

namespace tocsin::differential {

bool is_certificate(ByteView der) {
  const std::uint8_t* at = der.data();
  const stacks::OpenSslPtr<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return certificate != nullptr && at == der.data() + der.size();
}

}  // namespace tocsin::differential
