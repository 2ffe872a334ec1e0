#pragma once
// Alert (RFC 9846 section 6).
#include <array>

#include "core/base/types.h"
#include "tocsin/alert.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::wire {

struct Alert {
  AlertLevel level;
  AlertDescription description;  // any byte
};
/// Reason: alert_malformed, unless it is exactly two bytes. The level is kept as it came: TLS 1.3 ignores it (6).
Result<Alert> decode_alert(ByteView content);
/// Whether it is a value of AlertLevel, as TLS 1.2 wants it (RFC 5246 7.2).
constexpr bool is_level(AlertLevel level) { return level == AlertLevel::warning || level == AlertLevel::fatal; }
std::array<std::uint8_t, 2> encode(Alert alert);

}  // namespace tocsin::wire
