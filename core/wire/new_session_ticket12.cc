#include "core/wire/new_session_ticket12.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<NewSessionTicket12> decode_new_session_ticket12(ByteView body) {
  Reader reader(body);
  NewSessionTicket12 message;
  message.ticket_lifetime_hint_s = reader.u32();
  message.ticket = reader.vector16();
  if (!reader.done()) return Fatal{Reason::message_malformed};
  return message;
}

void encode(const NewSessionTicket12& message, Writer& out) {
  write_message(out, message.type, [&] {
    out.u32(message.ticket_lifetime_hint_s);
    out.vector16(message.ticket);
  });
}

}  // namespace tocsin::wire
