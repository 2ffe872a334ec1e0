#pragma once
// The states of TLS 1.2 for both roles (RFC 5246 section 7.3), full handshakes over ECDHE and resumed ones. They follow the
// first hello of states.h, and are named after the message that they wait for.
#include "core/handshake/negotiation.h"
#include "core/handshake/transcript.h"
#include "core/wire/client_hello.h"
#include "tocsin/negotiated.h"

namespace tocsin::handshake {

/// How the master secret is computed: with the extended_master_secret extension (RFC 7627), or without.
enum class MasterSecret : std::uint8_t { extended, classic };

struct Randoms {
  wire::Random client{}, server{};
};

/// What the keys of both directions are derived from.
struct Secrets12 {
  Randoms randoms;
  Secret master;
};

/// The key of one direction, which waits for its change_cipher_spec.
struct DirectionKey {
  Secret key, fixed_iv;
};

/// What every state from the master secret on carries along.
struct PendingKeys {
  Transcript transcript;
  Secrets12 secrets;
  DirectionKey read, write;
  Negotiated negotiated;
};

}  // namespace tocsin::handshake
