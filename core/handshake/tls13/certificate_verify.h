#pragma once
// What CertificateVerify signs in TLS 1.3.
#include <array>
#include <string_view>

#include "core/base/role.h"
#include "tocsin/provider.h"

namespace tocsin::handshake::tls13 {

/// RFC 9846 4.5.2: what either end signs over the transcript so far.
class CertificateVerifyContent {
 public:
  CertificateVerifyContent(Role signer, const Secret& transcript_hash);
  operator ByteView() const { return {bytes_.data(), size_bytes_}; }

 private:
  static constexpr std::string_view of_client = "TLS 1.3, client CertificateVerify",
                                    of_server = "TLS 1.3, server CertificateVerify";
  static_assert(of_client.size() == of_server.size());
  std::array<std::uint8_t, 64 + of_server.size() + 1 + Secret::bytes_max> bytes_{};
  std::size_t size_bytes_;
};

}  // namespace tocsin::handshake::tls13
