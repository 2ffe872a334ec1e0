#include "harnesses/stacks/wire_alerts.h"

namespace tocsin::stacks {
namespace {

constexpr std::size_t alert_bytes = 2;
// RFC 9846 5.2: an alert, the type of the content, and at most 16 bytes of tag.
constexpr std::size_t protected_alert_bytes_max = alert_bytes + 1 + 16;

}  // namespace

std::optional<AlertSeen> error_alert_in(ContentType type, ByteView content) {
  if (type != ContentType::alert || content.size() != alert_bytes) return std::nullopt;
  if (content[0] != static_cast<std::uint8_t>(AlertLevel::fatal)) return std::nullopt;
  const auto description = static_cast<AlertDescription>(content[1]);
  if (description == AlertDescription::close_notify || description == AlertDescription::user_canceled) return std::nullopt;
  return AlertSeen{content[0], content[1], false};
}

void WireAlerts::note(ByteView sent) {
  records_.add(sent);
  records_.each([this](const dissect::RecordView& record) {
    // In TLS 1.2 a protected alert is longer, and its record says that it is one.
    may_end_protected_ = record.type == ContentType::alert ? record.fragment.size() > alert_bytes
                                                           : record.type == ContentType::application_data &&
                                                                 record.fragment.size() <= protected_alert_bytes_max;
    auto alert = error_alert_in(record.type, record.fragment);
    if (!alert) return;
    alert->is_plaintext = true;
    in_plaintext_ = alert;
  });
}

}  // namespace tocsin::stacks
