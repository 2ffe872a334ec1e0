#include "core/handshake/tls12/keys.h"

#include "core/crypto/tls12/key_schedule.h"
#include "core/crypto/tls13/key_schedule.h"
#include "core/wire/finished.h"
#include "core/wire/tls12/key_exchange.h"

namespace tocsin::handshake::tls12 {
namespace {

Result<record::tls12::Protection> protection(Provider& provider, CipherSuite suite, const DirectionKey& pending) {
  TOCSIN_TRY_SET(auto aead, provider.aead(suite, pending.key));
  return record::tls12::Protection(std::move(aead), pending.fixed_iv);
}

Result<Secret> verify_data(Provider& provider, Role sender, PendingKeys& keys) {
  TOCSIN_TRY_SET(const Secret hash, keys.transcript.current());
  const HashAlgorithm algorithm = hash_of(keys.negotiated.cipher_suite);
  const auto compute = sender == Role::client ? crypto::tls12::client_verify_data : crypto::tls12::server_verify_data;
  return compute(provider, algorithm, keys.secrets.master, hash);
}

}  // namespace

Result<Done> install_write(Provider& provider, const PendingKeys& keys, Effects& effects) {
  TOCSIN_TRY_SET(auto protection, protection(provider, keys.negotiated.cipher_suite, keys.write));
  effects.add(InstallWriteKeys{std::move(protection), keys.negotiated.peer_connection_id});
  return Done{};
}

Result<Done> install_read(Provider& provider, const PendingKeys& keys, Effects& effects) {
  TOCSIN_TRY_SET(auto protection, protection(provider, keys.negotiated.cipher_suite, keys.read));
  effects.add(InstallReadKeys{std::move(protection), keys.negotiated.connection_id});
  return Done{};
}

Result<PendingKeys> derive_keys(const CommonConfig& config, Role role, Transcript transcript, const Randoms& randoms,
                                MasterSecret kind, ByteView premaster, Negotiated negotiated, Effects& effects) {
  Provider& provider = *config.provider;
  const HashAlgorithm hash = hash_of(negotiated.cipher_suite);
  Secret master;
  if (kind == MasterSecret::extended) {
    TOCSIN_TRY_SET(const Secret session_hash, transcript.current());
    TOCSIN_TRY_SET(master, crypto::tls12::extended_master_secret(provider, hash, premaster, session_hash));
  } else {
    TOCSIN_TRY_SET(master, crypto::tls12::master_secret(provider, hash, premaster, randoms.client, randoms.server));
  }
  return resume_keys(config, role, std::move(transcript), randoms, master, std::move(negotiated), effects);
}

Result<PendingKeys> resume_keys(const CommonConfig& config, Role role, Transcript transcript, const Randoms& randoms,
                                const Secret& master, Negotiated negotiated, Effects& effects) {
  Provider& provider = *config.provider;
  const CipherSuite suite = negotiated.cipher_suite;
  PendingKeys keys{std::move(transcript), {randoms, master}, {}, {}, std::move(negotiated)};
  TOCSIN_TRY_SET(const crypto::tls12::KeyBlock block,
                 crypto::tls12::key_block(provider, suite, record::tls12::Protection::fixed_iv_bytes(suite),
                                          keys.secrets.master, randoms.client, randoms.server));
  const DirectionKey of_client{block.client_write_key, block.client_write_iv};
  const DirectionKey of_server{block.server_write_key, block.server_write_iv};
  keys.write = role == Role::client ? of_client : of_server;
  keys.read = role == Role::client ? of_server : of_client;
  log_secret(config, "CLIENT_RANDOM", randoms.client, keys.secrets.master, effects);
  return keys;
}

Result<Done> send_finished(Provider& provider, Role role, PendingKeys& keys, Effects& effects) {
  TOCSIN_TRY_SET(const Secret proof, verify_data(provider, role, keys));
  effects.add(SendChangeCipherSpec{});
  TOCSIN_TRY(install_write(provider, keys, effects));
  return keys.transcript.add_sent(effects.send(wire::Finished{proof}));
}

Result<Done> take_finished(Provider& provider, Role peer, PendingKeys& keys, ByteView proof, const HandshakeMessage& message) {
  if (proof.size() != crypto::tls12::verify_data_bytes) return Fatal{Reason::message_malformed};
  TOCSIN_TRY_SET(const Secret expected, verify_data(provider, peer, keys));
  if (!crypto::equal_constant_time(proof, expected)) return Fatal{Reason::finished_invalid};
  return keys.transcript.add_received(message);
}

Established established_by(PendingKeys keys) {
  Established established;
  established.secrets = std::move(keys.secrets);
  established.negotiated = std::move(keys.negotiated);
  return established;
}

Bytes server_key_exchange_content(const Randoms& randoms, NamedGroup group, ByteView public_key) {
  Bytes content;
  Writer out(content);
  out.bytes(randoms.client);
  out.bytes(randoms.server);
  encode(wire::tls12::ServerEcdhParams{group, public_key}, out);
  return content;
}

}  // namespace tocsin::handshake::tls12
