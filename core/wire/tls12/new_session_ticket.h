#pragma once
// NewSessionTicket of TLS 1.2 (RFC 5077 section 3.3).
#include "core/base/reader.h"
#include "core/base/types.h"
#include "core/base/writer.h"
#include "tocsin/error.h"

namespace tocsin::wire::tls12 {

struct NewSessionTicket {
  static constexpr HandshakeType type = HandshakeType::new_session_ticket;
  std::uint32_t ticket_lifetime_hint_s = 0;  // 0: unspecified
  ByteView ticket;                           // 0 to 65535 bytes; empty: the server has none to give after all
};
/// Reason: message_malformed.
Result<NewSessionTicket> decode_new_session_ticket(ByteView body);
void encode(const NewSessionTicket& message, Writer& out);

}  // namespace tocsin::wire::tls12
