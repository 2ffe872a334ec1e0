#include "core/handshake/authentication.h"

#include <algorithm>

#include "core/crypto/key_schedule.h"
#include "core/wire/post_handshake.h"

namespace tocsin::handshake {

CertificateVerifyContent::CertificateVerifyContent(Signer signer, const Secret& transcript_hash) {
  const std::string_view context = signer == Signer::client ? of_client : of_server;
  auto at = std::fill_n(bytes_.begin(), 64, std::uint8_t{0x20});
  at = std::copy(context.begin(), context.end(), at);
  *at++ = 0;
  at = std::ranges::copy(transcript_hash.view(), at).out;
  size_bytes_ = static_cast<std::size_t>(at - bytes_.begin());
}

Result<Done> verify_proof(const CommonConfig& config, const PublicKey& key, const CertificateVerifyContent& content,
                          const wire::CertificateVerify& proof) {
  const auto& offered = config.signature_schemes;
  const bool is_offered = std::find(offered.begin(), offered.end(), proof.algorithm) != offered.end();
  if (!is_offered || !key.can_verify_with(proof.algorithm, ProtocolVersion::tls13))
    return Fatal{Reason::signature_scheme_not_offered};
  return key.verify(proof.algorithm, content, proof.signature);
}

Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  effects.send(wire::KeyUpdate{request == KeyUpdateRequest::update_requested});
  TOCSIN_TRY_SET(established.write_traffic, crypto::next_traffic_secret(provider, hash_of(suite), established.write_traffic));
  return install_write(provider, suite, established.write_traffic, effects);
}

Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  TOCSIN_TRY_SET(established.read_traffic, crypto::next_traffic_secret(provider, hash_of(suite), established.read_traffic));
  TOCSIN_TRY(install_read(provider, suite, established.read_traffic, effects));
  effects.add(Raise{Event::peer_updated_keys});
  if (request == KeyUpdateRequest::update_not_requested || established.closed_for_writing) return Done{};
  return update_write_keys(provider, established, KeyUpdateRequest::update_not_requested, effects);
}

}  // namespace tocsin::handshake
