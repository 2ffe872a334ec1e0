#pragma once
// What both roles of TLS 1.2 compute alike: from the shared secret to the keys, and the proofs.
#include "core/base/role.h"
#include "core/handshake/effects.h"
#include "core/handshake/established.h"
#include "core/handshake/transcript.h"

namespace tocsin::handshake::tls12 {

/// How the master secret is computed: with the extended_master_secret extension (RFC 7627), or without.
enum class MasterSecret : std::uint8_t { extended, classic };

/// The key of one direction, which waits for its change_cipher_spec.
struct DirectionKey {
  Secret key, fixed_iv;
};

/// What every state from the master secret on carries along.
struct PendingKeys {
  Transcript transcript;
  Secrets secrets;
  DirectionKey read, write;
  Negotiated negotiated;
};

/// Queues the installation of keys of TLS 1.2: what follows the change_cipher_spec is under them.
Result<Done> install_write(Provider& provider, const PendingKeys& keys, Effects& effects);
Result<Done> install_read(Provider& provider, const PendingKeys& keys, Effects& effects);

/// After the ClientKeyExchange, which the transcript holds: the master secret and the keys of both directions. Queues a line
/// for the key log. Reason: crypto_failed.
Result<PendingKeys> derive_keys(const CommonConfig& config, Role role, Transcript transcript, const Randoms& randoms,
                                MasterSecret kind, ByteView premaster, Negotiated negotiated, Effects& effects);

/// Of a session that is resumed: only the keys of both directions are new (RFC 5246 6.3, F.1.4). Queues a line for the key log.
/// Reason: crypto_failed.
Result<PendingKeys> resume_keys(const CommonConfig& config, Role role, Transcript transcript, const Randoms& randoms,
                                const Secret& master, Negotiated negotiated, Effects& effects);

/// Sends change_cipher_spec and Finished, under new keys, and takes them to the transcript (RFC 5246 7.1, 7.4.9).
Result<Done> send_finished(Provider& provider, Role role, PendingKeys& keys, Effects& effects);

/// The peer's Finished: against everything before it. Takes it to the transcript. Reasons: message_malformed, finished_invalid.
Result<Done> take_finished(Provider& provider, Role peer, PendingKeys& keys, ByteView verify_data,
                           const HandshakeMessage& message);

/// What a connection keeps.
Established established_by(PendingKeys keys);

/// RFC 8422 5.4: what a ServerKeyExchange signs.
Bytes server_key_exchange_content(const Randoms& randoms, NamedGroup group, ByteView public_key);

}  // namespace tocsin::handshake::tls12
