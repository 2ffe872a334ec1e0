#include "harnesses/checkers/sent_datagrams.h"

#include <algorithm>
#include <string>

#include "harnesses/dissect/records.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void SentDatagrams::read(ByteView datagram, DatagramsSent& sent) {
  constexpr std::size_t datagram_bytes_max = 1200;  // as configured
  ++sent.datagrams;
  sent.bytes += datagram.size();
  constexpr std::uint16_t versions[] = {0xfeff, 0xfefd};
  check(Invariant::records_are_well_formed, !datagram.empty() && datagram.size() <= datagram_bytes_max,
        "a datagram is empty, or too long for the path");
  while (!datagram.empty()) {
    const auto record = dissect::take_dtls_record(datagram);
    check(Invariant::records_are_well_formed,
          record && record->is_whole() && std::ranges::find(versions, record->version) != std::end(versions),
          "a datagram does not hold whole records of DTLS");
    std::uint64_t& next = next_sequence_[record->epoch];
    check(Invariant::nonce_used_once, record->epoch == 0 || record->sequence >= next, "a record's number was used before");
    next = record->sequence + 1;
    sent.last_is_alert = record->type == ContentType::alert;
    if (sent.last_is_alert) {
      sent.alert_epoch = record->epoch;
      sent.epoch_before = epoch_;
      const bool is_readable = record->epoch == 0 && record->fragment.size() == 2 && record->fragment[0] == 2;
      sent.alert = is_readable ? std::optional(AlertDescription{record->fragment[1]}) : std::nullopt;
      if (is_readable) ++sent.fatal_alerts;
    }
    epoch_ = std::max(epoch_, record->epoch);
  }
}

void check_alert_of(const DatagramsSent& sent, const Error& error) {
  note_refusal(error);
  const std::string what = error.describe();
  if (error.peer_alert() != nullptr)
    return check(Invariant::peer_alert_is_not_answered, !sent.last_is_alert, "an alert was answered with an alert");
  check(Invariant::fatal_queues_one_alert, sent.last_is_alert, "no alert is the last record after " + what);
  check(Invariant::fatal_queues_one_alert, sent.alert_epoch == sent.epoch_before,
        "the alert is not under the keys in force after " + what);
  if (sent.alert_epoch == 0)
    check(Invariant::fatal_queues_one_alert, sent.alert == alert_for(error.fatal()->why),
          "another alert than the reason's was sent after " + what);
}

}  // namespace tocsin::harness
