#pragma once
// The alerts among the bytes that a stack sends, for stacks that do not tell of them, or need not be believed.
#include <optional>

#include "harnesses/dissect/records.h"
#include "harnesses/stacks/peer.h"

namespace tocsin::stacks {

/// Of a record's content without protection: a fatal alert that is an error, as RFC 9846 6.2 wants all of them sent.
/// is_plaintext of it is false.
std::optional<AlertSeen> error_alert_in(ContentType type, ByteView content);

class WireAlerts {
 public:
  /// What was sent, cut anywhere.
  void note(ByteView sent);

  /// The last error alert in plaintext.
  const std::optional<AlertSeen>& in_plaintext() const { return in_plaintext_; }
  /// The last record is protected, and of the size of an alert without padding.
  bool may_end_protected() const { return may_end_protected_; }

 private:
  dissect::RecordStream records_;
  std::optional<AlertSeen> in_plaintext_;
  bool may_end_protected_ = false;
};

}  // namespace tocsin::stacks
