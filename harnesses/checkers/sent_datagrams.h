#pragma once
// The datagrams that an end of DTLS sends to one other end, as anybody sees them: whole records, whose numbers rise under keys.
#include <map>
#include <optional>

#include "core/base/types.h"
#include "tocsin/alert.h"
#include "tocsin/bytes.h"
#include "tocsin/error.h"

namespace tocsin::harness {

/// That one call may send to one other end: a flight, one more where a datagram holds what two answer, and an alert, with room
/// to spare.
constexpr std::size_t datagrams_of_a_call_max = 12;

/// What one call has sent.
struct DatagramsSent {
  std::size_t datagrams = 0, bytes = 0;
  std::size_t fatal_alerts = 0;             // in plaintext, where it shows
  bool last_is_alert = false;               // the last record of all
  std::uint16_t alert_epoch = 0;            // of that
  std::uint16_t epoch_before = 0;           // the highest epoch in which anything was sent before that
  std::optional<AlertDescription> alert{};  // of that, if it is fatal and in plaintext
};

class SentDatagrams {
 public:
  /// Checks one datagram, and adds it to what the call has sent.
  void read(ByteView datagram, DatagramsSent& sent);

 private:
  std::map<std::uint16_t, std::uint64_t> next_sequence_;  // of each epoch
  std::uint16_t epoch_ = 0;                               // the highest
};

/// Of the call that gave this error, Fatal or PeerAlert: the one alert is the last that is sent, under the keys in force, and
/// none answers a PeerAlert.
void check_alert_of(const DatagramsSent& sent, const Error& error);

}  // namespace tocsin::harness
