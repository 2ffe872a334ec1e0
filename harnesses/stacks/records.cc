#include "harnesses/stacks/records.h"

#include "core/base/types.h"

namespace tocsin::stacks {

std::optional<RecordSeen> take_record(ByteView& bytes) {
  constexpr std::size_t header_bytes = 5;
  if (bytes.size() < header_bytes) return std::nullopt;
  const auto fragment_bytes = static_cast<std::size_t>(bytes[3] << 8 | bytes[4]);
  if (bytes.size() - header_bytes < fragment_bytes) return std::nullopt;
  const RecordSeen record{bytes[0], static_cast<std::uint16_t>(bytes[1] << 8 | bytes[2]),
                          bytes.subspan(header_bytes, fragment_bytes)};
  bytes = bytes.subspan(header_bytes + fragment_bytes);
  return record;
}

std::optional<AlertSeen> last_alert(ByteView sent, Reason why) {
  std::optional<RecordSeen> last;
  while (const auto record = take_record(sent)) last = record;
  if (!last || !sent.empty()) return std::nullopt;
  if (last->type == static_cast<std::uint8_t>(ContentType::alert) && last->fragment.size() == 2)
    return AlertSeen{last->fragment[0], last->fragment[1], true};
  const bool may_be_protected = last->type == static_cast<std::uint8_t>(ContentType::application_data) ||
                                last->type == static_cast<std::uint8_t>(ContentType::alert);  // TLS 1.2 shows the type
  if (!may_be_protected) return std::nullopt;
  return AlertSeen{static_cast<std::uint8_t>(AlertLevel::fatal), static_cast<std::uint8_t>(alert_for(why)), false};
}

}  // namespace tocsin::stacks
