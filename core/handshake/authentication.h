#pragma once
// What both roles compute alike: the content of CertificateVerify, and what a connection keeps after Finished.
#include "core/handshake/effects.h"
#include "core/handshake/states.h"

namespace tocsin::handshake {

/// RFC 8446 4.4.3: what a server signs over the transcript so far.
class ServerCertificateVerifyContent {
 public:
  explicit ServerCertificateVerifyContent(const Secret& transcript_hash);
  operator ByteView() const { return {bytes_.data(), size_bytes_}; }

 private:
  static constexpr std::string_view context = "TLS 1.3, server CertificateVerify";
  std::array<std::uint8_t, 64 + context.size() + 1 + Secret::bytes_max> bytes_{};
  std::size_t size_bytes_;
};

/// RFC 8446 4.6.3: sends a KeyUpdate under the old keys and installs the next.
Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);
/// The other direction: installs the next keys for reading, and answers if the peer asks for it.
Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);

}  // namespace tocsin::handshake
