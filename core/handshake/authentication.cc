#include "core/handshake/authentication.h"

#include "core/crypto/key_schedule.h"
#include "core/wire/post_handshake.h"

namespace tocsin::handshake {

Bytes server_certificate_verify_content(ByteView transcript_hash) {
  Bytes content(64, 0x20);
  append(content, bytes_of("TLS 1.3, server CertificateVerify"));
  content.push_back(0);
  append(content, transcript_hash);
  return content;
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
