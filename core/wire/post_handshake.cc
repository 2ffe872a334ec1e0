#include "core/wire/post_handshake.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<NewSessionTicket> decode_new_session_ticket(ByteView body) {
  Reader reader(body);
  NewSessionTicket message;
  message.ticket_lifetime_s = reader.u32();
  message.ticket_age_add = reader.u32();
  message.ticket_nonce = reader.vector8();
  message.ticket = reader.vector16(1);
  const ByteView block = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};

  TOCSIN_TRY(decode_extensions(block, Carrier::new_session_ticket, message));
  return message;
}

void encode(const NewSessionTicket& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u32(message.ticket_lifetime_s);
    out.u32(message.ticket_age_add);
    out.vector8(message.ticket_nonce);
    out.vector16(message.ticket);
    write_extensions(message, out);
  });
}

Result<KeyUpdate> decode_key_update(ByteView body) {
  Reader reader(body);
  const std::uint8_t request_update = reader.u8();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  // RFC 9846 4.7.3: any other value MUST be answered with illegal_parameter.
  //= RFC 9846 4.7.3 //# If an implementation receives any other value, it MUST terminate the connection with an
  if (request_update > 1) return Fatal{Reason::key_update_request_invalid};
  return KeyUpdate{request_update == 1};
}

void encode(const KeyUpdate& message, Writer& out) {
  write_message(out, message.type, [&] { out.u8(message.request_update ? 1 : 0); });
}

}  // namespace tocsin::wire
