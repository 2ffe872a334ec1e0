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

//= RFC 9846 4.7.3 //# sending implementations MUST NOT allow the epoch -- and hence the number of key updates
bool may_update_write_keys(const Secrets& secrets) {
  constexpr std::uint64_t key_updates_max = (std::uint64_t{1} << 48) - 1;
  return secrets.key_updates_sent < key_updates_max;
}

//= RFC 9846 4.7.3 //# After sending a KeyUpdate message, the sender SHALL send all its traffic using the next
//= RFC 9846 4.7.3 //# Both sender and receiver MUST encrypt their KeyUpdate messages with the old keys.
Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  auto& secrets = std::get<Secrets>(established.secrets);
  if (!may_update_write_keys(secrets)) return Fatal{Reason::record_sequence_exhausted};
  //= RFC 9846 4.7.3 //# the sender MUST NOT send another KeyUpdate with request_update set to
  const bool asks = request == KeyUpdateRequest::update_requested && !secrets.awaits_key_update;
  secrets.awaits_key_update = secrets.awaits_key_update || asks;
  secrets.owes_key_update = secrets.owes_key_update && asks;  // an answer asks for nothing
  ++secrets.key_updates_sent;
  effects.send(wire::KeyUpdate{asks});
  Secret& traffic = secrets.write_traffic;
  TOCSIN_TRY_SET(traffic, crypto::next_traffic_secret(provider, hash_of(suite), traffic));
  return install_write(provider, suite, traffic, effects);
}

//= RFC 9846 4.7.3 //# Upon receiving a KeyUpdate, the receiver MUST update its receiving keys.
//= RFC 9846 4.7.3 //# Additionally, both sides MUST enforce that a KeyUpdate with the old key is received
Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects) {
  const CipherSuite suite = established.negotiated.cipher_suite;
  auto& secrets = std::get<Secrets>(established.secrets);
  secrets.awaits_key_update = false;
  Secret& traffic = secrets.read_traffic;
  TOCSIN_TRY_SET(traffic, crypto::next_traffic_secret(provider, hash_of(suite), traffic));
  TOCSIN_TRY(install_read(provider, suite, traffic, effects));
  effects.add(Raise{Event::peer_updated_keys});
  // However often the peer asks while we are silent, it is answered once.
  if (request == KeyUpdateRequest::update_requested) secrets.owes_key_update = true;
  return Done{};
}

Result<Done> answer_key_update(Provider& provider, Established& established, Effects& effects) {
  const auto* secrets = std::get_if<Secrets>(&established.secrets);
  //= RFC 9846 4.7.3 //# it MUST NOT send its own KeyUpdate if that would cause it to exceed these limits and
  if (secrets == nullptr || !secrets->owes_key_update || !may_update_write_keys(*secrets)) return Done{};
  //= RFC 9846 4.7.3 //# then the receiver MUST send a KeyUpdate of its own with request_update set to
  return update_write_keys(provider, established, KeyUpdateRequest::update_not_requested, effects);
}

}  // namespace tocsin::handshake::tls13
