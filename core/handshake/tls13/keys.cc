#include "core/handshake/tls13/keys.h"

#include "core/crypto/tls13/key_schedule.h"
#include "core/wire/post_handshake.h"

namespace tocsin::handshake::tls13 {

Result<Done> install_write(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects) {
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(provider, suite, traffic_secret));
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, keys.key));
  effects.add(InstallWriteKeys{record::Sealer(std::move(aead), keys.iv)});
  return Done{};
}

Result<Done> install_read(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects) {
  TOCSIN_TRY_SET(const crypto::TrafficKeys keys, crypto::traffic_keys(provider, suite, traffic_secret));
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, keys.key));
  effects.add(InstallReadKeys{record::Opener(std::move(aead), keys.iv)});
  return Done{};
}

Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  Secret& traffic = std::get<Secrets>(established.secrets).write_traffic;
  effects.send(wire::KeyUpdate{request == KeyUpdateRequest::update_requested});
  TOCSIN_TRY_SET(traffic, crypto::next_traffic_secret(provider, hash_of(suite), traffic));
  return install_write(provider, suite, traffic, effects);
}

Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  Secret& traffic = std::get<Secrets>(established.secrets).read_traffic;
  TOCSIN_TRY_SET(traffic, crypto::next_traffic_secret(provider, hash_of(suite), traffic));
  TOCSIN_TRY(install_read(provider, suite, traffic, effects));
  effects.add(Raise{Event::peer_updated_keys});
  if (request == KeyUpdateRequest::update_not_requested || established.closed_for_writing) return Done{};
  return update_write_keys(provider, established, KeyUpdateRequest::update_not_requested, effects);
}

}  // namespace tocsin::handshake::tls13
