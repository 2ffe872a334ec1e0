#include "core/handshake/tls13/certificate_verify.h"

#include <algorithm>

namespace tocsin::handshake::tls13 {

CertificateVerifyContent::CertificateVerifyContent(Role signer, const Secret& transcript_hash) {
  const std::string_view context = signer == Role::client ? of_client : of_server;
  auto at = std::fill_n(bytes_.begin(), 64, std::uint8_t{0x20});
  at = std::copy(context.begin(), context.end(), at);
  *at++ = 0;
  at = std::ranges::copy(transcript_hash.view(), at).out;
  size_bytes_ = static_cast<std::size_t>(at - bytes_.begin());
}

}  // namespace tocsin::handshake::tls13
