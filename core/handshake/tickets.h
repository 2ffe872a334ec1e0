#pragma once
// Session tickets (RFC 5077 section 4): sessions sealed under keys of the server's, so that the client keeps them and the
// server keeps nothing. Time goes by in periods, as with the cookies of DTLS: a ticket opens in the one in which it was sealed
// and in the next. The keys follow from one secret and the period's number, so servers with the same secret open each other's.
#include <cstdint>
#include <optional>

#include "tocsin/provider.h"
#include "tocsin/sessions.h"

namespace tocsin::handshake {

/// What a ticket has around its session: the period's last byte, a nonce, a tag.
constexpr std::size_t ticket_overhead_bytes = 1 + Aead::nonce_bytes + Aead::tag_bytes;

struct TicketKeys {
  Provider& provider;
  ByteView secret;
  std::uint32_t period_s;  // at least 1
};

/// Reason: crypto_failed.
Result<Bytes> seal_ticket(const TicketKeys& keys, ByteView session, UnixSeconds now);

/// What was sealed; nothing if this is no ticket of ours, or one that is too old. Reason: crypto_failed.
Result<std::optional<SecretBytes>> open_ticket(const TicketKeys& keys, ByteView ticket, UnixSeconds now);

}  // namespace tocsin::handshake
