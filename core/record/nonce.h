#pragma once
// From sequence numbers to nonces.
#include <cstdint>
#include <span>

#include "tocsin/provider.h"

namespace tocsin::record {

/// The per-record nonce: the sequence number, padded on the left, xor the IV (RFC 9846 5.3, RFC 7905 2).
inline Aead::Nonce nonce_for(const Aead::Nonce& iv, std::uint64_t sequence) {
  Aead::Nonce nonce = iv;
  for (std::size_t i = Aead::nonce_bytes; sequence != 0; sequence >>= 8) nonce[--i] ^= static_cast<std::uint8_t>(sequence);
  return nonce;
}

}  // namespace tocsin::record
