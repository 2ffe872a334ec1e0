#pragma once
// NewSessionTicket and KeyUpdate (RFC 9846 sections 4.7.1 and 4.7.3).
#include <optional>

#include "core/base/types.h"
#include "core/wire/extensions.h"

namespace tocsin::wire {

struct NewSessionTicket : NewSessionTicketExtensions {
  static constexpr HandshakeType type = HandshakeType::new_session_ticket;
  std::uint32_t ticket_lifetime_s = 0;
  std::uint32_t ticket_age_add = 0;
  ByteView ticket_nonce;  // 0 to 255 bytes
  ByteView ticket;        // 1 to 65535 bytes
};
/// Reasons: message_malformed, extension_malformed, _duplicate, _misplaced.
Result<NewSessionTicket> decode_new_session_ticket(ByteView body);
void encode(const NewSessionTicket& message, Writer& out);

struct KeyUpdate {
  static constexpr HandshakeType type = HandshakeType::key_update;
  bool request_update = false;
};
/// Reasons: message_malformed, key_update_request_invalid.
Result<KeyUpdate> decode_key_update(ByteView body);
void encode(const KeyUpdate& message, Writer& out);

}  // namespace tocsin::wire
