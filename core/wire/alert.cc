#include "core/wire/alert.h"

#include "core/base/reader.h"

namespace tocsin::wire {

//= RFC 9846 5.1 //# In other words, a record with an Alert type MUST contain exactly one message.
Result<Alert> decode_alert(ByteView content) {
  Reader reader(content);
  const auto level = static_cast<AlertLevel>(reader.u8());
  const auto description = static_cast<AlertDescription>(reader.u8());
  if (!reader.done()) return Fatal{Reason::alert_malformed};
  return Alert{level, description};
}

std::array<std::uint8_t, 2> encode(Alert alert) {
  return {static_cast<std::uint8_t>(alert.level), static_cast<std::uint8_t>(alert.description)};
}

}  // namespace tocsin::wire
