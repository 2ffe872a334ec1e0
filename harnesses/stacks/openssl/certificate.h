#pragma once
// What a certificate says of itself, read by libcrypto.
#include <optional>

#include "tocsin/bytes.h"

namespace tocsin::stacks {

struct CertificateSeen {
  bool is_signed_over_md5_or_sha1;
  bool has_strong_key;  // 112 bits of security
};

/// Nothing if it cannot be read.
std::optional<CertificateSeen> read_certificate(ByteView der);

}  // namespace tocsin::stacks
