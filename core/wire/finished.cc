#include "core/wire/finished.h"

#include "core/wire/fields.h"

namespace tocsin::wire {

Result<Finished> decode_finished(ByteView body) { return Finished{body}; }

void encode(const Finished& message, Writer& out) {
  write_message(out, message.type, [&] { out.bytes(message.verify_data); });
}

}  // namespace tocsin::wire
