#include "core/handshake/schedule12.h"

#include "core/crypto/key_schedule.h"
#include "core/crypto/key_schedule12.h"
#include "core/wire/finished.h"
#include "core/wire/key_exchange12.h"

namespace tocsin::handshake {
namespace {

Result<Secret> verify_data(Provider& provider, End12 sender, Keyed& keyed) {
  TOCSIN_TRY_SET(const Secret hash, keyed.transcript.current());
  const HashAlgorithm algorithm = hash_of(keyed.negotiated.cipher_suite);
  const auto compute = sender == End12::client ? crypto::client_verify_data : crypto::server_verify_data;
  return compute(provider, algorithm, keyed.secrets.master, hash);
}

}  // namespace

Result<Keyed> derive_keys(const CommonConfig& config, End12 end, Transcript transcript, const Randoms& randoms,
                          MasterSecret kind, ByteView premaster, Negotiated negotiated, Effects& effects) {
  Provider& provider = *config.provider;
  const HashAlgorithm hash = hash_of(negotiated.cipher_suite);
  Secret master;
  if (kind == MasterSecret::extended) {
    TOCSIN_TRY_SET(const Secret session_hash, transcript.current());
    TOCSIN_TRY_SET(master, crypto::extended_master_secret(provider, hash, premaster, session_hash));
  } else {
    TOCSIN_TRY_SET(master, crypto::master_secret(provider, hash, premaster, randoms.client, randoms.server));
  }
  return resume_keys(config, end, std::move(transcript), randoms, master, std::move(negotiated), effects);
}

Result<Keyed> resume_keys(const CommonConfig& config, End12 end, Transcript transcript, const Randoms& randoms,
                          const Secret& master, Negotiated negotiated, Effects& effects) {
  Provider& provider = *config.provider;
  const CipherSuite suite = negotiated.cipher_suite;
  Keyed keyed{std::move(transcript), {randoms, master}, {}, {}, std::move(negotiated)};
  TOCSIN_TRY_SET(const crypto::KeyBlock block, crypto::key_block(provider, suite, record::Protection12::fixed_iv_bytes(suite),
                                                                 keyed.secrets.master, randoms.client, randoms.server));
  const PendingKey of_client{block.client_write_key, block.client_write_iv};
  const PendingKey of_server{block.server_write_key, block.server_write_iv};
  keyed.write = end == End12::client ? of_client : of_server;
  keyed.read = end == End12::client ? of_server : of_client;
  log_secret(config, "CLIENT_RANDOM", randoms.client, keyed.secrets.master, effects);
  return keyed;
}

Result<Done> send_finished12(Provider& provider, End12 end, Keyed& keyed, Effects& effects) {
  TOCSIN_TRY_SET(const Secret proof, verify_data(provider, end, keyed));
  effects.add(SendChangeCipherSpec{});
  TOCSIN_TRY(install_write12(provider, keyed, effects));
  return keyed.transcript.add(effects.send(wire::Finished{proof}));
}

Result<Done> take_finished12(Provider& provider, End12 peer, Keyed& keyed, ByteView proof, ByteView raw) {
  if (proof.size() != crypto::verify_data12_bytes) return Fatal{Reason::message_malformed};
  TOCSIN_TRY_SET(const Secret expected, verify_data(provider, peer, keyed));
  if (!crypto::equal_constant_time(proof, expected)) return Fatal{Reason::finished_invalid};
  return keyed.transcript.add(raw);
}

Established established12(Keyed keyed) {
  Established established;
  established.secrets = std::move(keyed.secrets);
  established.negotiated = std::move(keyed.negotiated);
  return established;
}

Bytes server_key_exchange_content(const Randoms& randoms, NamedGroup group, ByteView public_key) {
  Bytes content;
  Writer out(content);
  out.bytes(randoms.client);
  out.bytes(randoms.server);
  encode(wire::ServerEcdhParams{group, public_key}, out);
  return content;
}

}  // namespace tocsin::handshake
