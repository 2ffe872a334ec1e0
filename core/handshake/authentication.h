#pragma once
// What both roles compute alike: the content of CertificateVerify, and what a connection keeps after Finished.
#include "core/handshake/effects.h"
#include "core/handshake/machine/state.h"
#include "core/wire/certificate_verify.h"

namespace tocsin::handshake {

enum class Signer : std::uint8_t { client, server };

/// RFC 9846 4.5.2: what either end signs over the transcript so far.
class CertificateVerifyContent {
 public:
  CertificateVerifyContent(Signer signer, const Secret& transcript_hash);
  operator ByteView() const { return {bytes_.data(), size_bytes_}; }

 private:
  static constexpr std::string_view of_client = "TLS 1.3, client CertificateVerify",
                                    of_server = "TLS 1.3, server CertificateVerify";
  static_assert(of_client.size() == of_server.size());
  std::array<std::uint8_t, 64 + of_server.size() + 1 + Secret::bytes_max> bytes_{};
  std::size_t size_bytes_;
};

/// What a peer has signed with the key of its certificate. Reasons: signature_scheme_not_offered, also for one that does not
/// fit the key; signature_invalid.
Result<Done> verify_proof(const CommonConfig& config, const PublicKey& key, ProtocolVersion version, ByteView content,
                          const wire::CertificateVerify& proof);

/// RFC 9846 4.7.3: whether the sending keys may be updated once more.
bool may_update_write_keys(const Secrets13& secrets);
/// RFC 9846 4.7.3: sends a KeyUpdate under the old keys and installs the next. As long as the peer owes an answer it is not
/// asked again. Reason: record_sequence_exhausted, if the keys may not be updated any more.
Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);
/// The other direction: installs the next keys for reading, and answers if the peer asks for it and it is possible.
Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);

}  // namespace tocsin::handshake
