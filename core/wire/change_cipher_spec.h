#pragma once
// change_cipher_spec (RFC 5246 section 7.1): a content type of its own, though it stands among the handshake messages.
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::wire {

struct ChangeCipherSpec {};

/// Reason: change_cipher_spec_malformed, unless it is the single byte 1.
inline Result<ChangeCipherSpec> decode_change_cipher_spec(ByteView content) {
  if (content.size() != 1 || content[0] != 1) return Fatal{Reason::change_cipher_spec_malformed};
  return ChangeCipherSpec{};
}

}  // namespace tocsin::wire
