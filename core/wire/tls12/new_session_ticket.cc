#include "core/wire/tls12/new_session_ticket.h"

#include "core/wire/fields.h"

namespace tocsin::wire::tls12 {

Result<NewSessionTicket> decode_new_session_ticket(ByteView body) {
  Reader reader(body);
  NewSessionTicket message;
  message.ticket_lifetime_hint_s = reader.u32();
  message.ticket = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const NewSessionTicket& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u32(message.ticket_lifetime_hint_s);
    out.vector16(message.ticket);
  });
}

}  // namespace tocsin::wire::tls12
