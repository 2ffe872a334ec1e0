#include "core/handshake/tickets.h"

#include <algorithm>

#include "core/base/writer.h"

namespace tocsin::handshake {
namespace {

/// Its key has the length of a SHA-256.
constexpr CipherSuite sealing_suite = CipherSuite::aes_256_gcm_sha384;
constexpr std::size_t head_bytes = 1 + Aead::nonce_bytes;

/// Rounded down, also before 1970.
std::uint64_t period_at(const TicketKeys& keys, UnixSeconds now) {
  const auto at = static_cast<std::int64_t>(now), length = std::int64_t{keys.period_s};
  return static_cast<std::uint64_t>(at / length - (at % length < 0 ? 1 : 0));
}

Result<std::unique_ptr<Aead>> aead_of(const TicketKeys& keys, std::uint64_t period) {
  Bytes number;
  Writer out(number);
  out.u32(static_cast<std::uint32_t>(period >> 32));
  out.u32(static_cast<std::uint32_t>(period));
  TOCSIN_TRY_SET(const Secret key,
                 keys.provider.hmac(HashAlgorithm::sha256, keys.secret, bytes_of("tocsin session ticket"), number));
  return keys.provider.aead(sealing_suite, key);
}

}  // namespace

Result<Bytes> seal_ticket(const TicketKeys& keys, ByteView session, UnixSeconds now) {
  const std::uint64_t period = period_at(keys, now);
  TOCSIN_TRY_SET(const auto aead, aead_of(keys, period));
  Aead::Nonce nonce;  // drawn, since no server counts what another one with the same secret seals
  TOCSIN_TRY(keys.provider.random(nonce));
  Bytes ticket(session.size() + ticket_overhead_bytes);
  ticket[0] = static_cast<std::uint8_t>(period);
  std::ranges::copy(nonce, ticket.begin() + 1);
  TOCSIN_TRY(aead->seal(nonce, ByteView(ticket).first(head_bytes), session, MutableBytes(ticket).subspan(head_bytes)));
  return ticket;
}

Result<std::optional<SecretBytes>> open_ticket(const TicketKeys& keys, ByteView ticket, UnixSeconds now) {
  using Opened = std::optional<SecretBytes>;
  if (ticket.size() < ticket_overhead_bytes) return Opened{};
  const std::uint64_t current = period_at(keys, now), previous = current - 1;
  const bool is_current = ticket[0] == static_cast<std::uint8_t>(current);
  if (!is_current && ticket[0] != static_cast<std::uint8_t>(previous)) return Opened{};
  TOCSIN_TRY_SET(const auto aead, aead_of(keys, is_current ? current : previous));
  Aead::Nonce nonce;
  std::ranges::copy(ticket.subspan(1, nonce.size()), nonce.begin());
  SecretBytes session(Bytes(ticket.size() - ticket_overhead_bytes));
  const auto opened = aead->open(nonce, ticket.first(head_bytes), ticket.subspan(head_bytes), session.mutable_bytes());
  if (opened) return Opened(std::move(session));
  if (opened.error().why != Reason::record_bad_mac) return opened.error();
  return Opened{};
}

}  // namespace tocsin::handshake
