#pragma once
// Keys of TLS 1.3: their installation and their update.
#include "core/handshake/effects.h"
#include "core/handshake/established.h"

namespace tocsin::handshake::tls13 {

/// Turns a traffic secret into keys and queues their installation (RFC 9846 7.3).
Result<Done> install_write(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects);
Result<Done> install_read(Provider& provider, CipherSuite suite, ByteView traffic_secret, Effects& effects);

/// RFC 9846 4.7.3: whether the sending keys may be updated once more.
bool may_update_write_keys(const Secrets& secrets);
/// RFC 9846 4.7.3: sends a KeyUpdate under the old keys and installs the next. As long as the peer owes an answer it is not
/// asked again. Reason: record_sequence_exhausted, if the keys may not be updated any more.
Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);
/// The other direction: installs the next keys for reading. If the peer asks for it, an answer is owed.
Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);
/// RFC 9846 4.7.3: what goes before the next application data, if an answer is owed and possible.
Result<Done> answer_key_update(Provider& provider, Established& established, Effects& effects);

}  // namespace tocsin::handshake::tls13
