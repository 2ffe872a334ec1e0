#pragma once
// What both roles compute alike: the content of CertificateVerify, and what a connection keeps after Finished.
#include "core/handshake/effects.h"
#include "core/handshake/states.h"

namespace tocsin::handshake {

/// RFC 8446 4.4.3: what a server signs over the transcript so far.
Bytes server_certificate_verify_content(ByteView transcript_hash);

/// RFC 8446 4.6.3: sends a KeyUpdate under the old keys and installs the next.
Result<Done> update_write_keys(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);
/// The other direction: installs the next keys for reading, and answers if the peer asks for it.
Result<Done> on_key_update(Provider& provider, Established& established, KeyUpdateRequest request, Effects& effects);

}  // namespace tocsin::handshake
