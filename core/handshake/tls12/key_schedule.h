#pragma once
// What both roles of TLS 1.2 compute alike: from the shared secret to the keys, and the proofs.
#include "core/handshake/context.h"
#include "core/handshake/effects.h"
#include "core/handshake/machine/state.h"

namespace tocsin::handshake {

/// Which end the keys are for.
enum class End12 : std::uint8_t { client, server };

/// After the ClientKeyExchange, which the transcript holds: the master secret and the keys of both directions. Queues a line
/// for the key log. Reason: crypto_failed.
Result<PendingKeys> derive_keys(const CommonConfig& config, End12 end, Transcript transcript, const Randoms& randoms,
                                MasterSecret kind, ByteView premaster, Negotiated negotiated, Effects& effects);

/// Of a session that is resumed: only the keys of both directions are new (RFC 5246 6.3, F.1.4). Queues a line for the key log.
/// Reason: crypto_failed.
Result<PendingKeys> resume_keys(const CommonConfig& config, End12 end, Transcript transcript, const Randoms& randoms,
                                const Secret& master, Negotiated negotiated, Effects& effects);

/// Sends change_cipher_spec and Finished, under new keys, and takes them to the transcript (RFC 5246 7.1, 7.4.9).
Result<Done> send_finished12(Provider& provider, End12 end, PendingKeys& keys, Effects& effects);

/// The peer's Finished: against everything before it. Takes it to the transcript. Reasons: message_malformed, finished_invalid.
Result<Done> take_finished12(Provider& provider, End12 peer, PendingKeys& keys, ByteView verify_data,
                             const HandshakeMessage& message);

/// What a connection keeps.
Established established12(PendingKeys keys);

/// RFC 8422 5.4: what a ServerKeyExchange signs.
Bytes server_key_exchange_content(const Randoms& randoms, NamedGroup group, ByteView public_key);

}  // namespace tocsin::handshake
