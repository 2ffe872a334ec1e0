#include "harnesses/scenarios/dtls_script_judge.h"

#include <algorithm>

#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

void DatagramsToDeliver::add(const script::dtls12::SentDatagram& datagram) {
  for (const script::dtls12::SentRecord& record : datagram.records) {
    if (!record.is_of_dtls) return;
    if (record.type != ContentType::application_data || record.epoch == 0 || !record.is_authentic) continue;
    const bool is_known = std::ranges::any_of(records_, [&](const Record& known) {
      return known.handshake == record.handshake && known.sequence == record.sequence;
    });
    // Of two records of one number either may be the one that counts.
    if (!is_known || records_.empty() || records_.back().content != record.content)
      records_.push_back({record.handshake, record.sequence, record.content});
  }
}

void DatagramsToDeliver::take(ByteView delivered) {
  const auto found = std::ranges::find_if(
      records_, [&](const Record& record) { return !record.is_delivered && std::ranges::equal(record.content, delivered); });
  if (found == records_.end()) finding("data is delivered that was not sent, or twice");
  for (Record& record : records_)
    if (record.handshake == found->handshake && record.sequence == found->sequence) record.is_delivered = true;
}

void DtlsScriptJudge::on_step(const script::dtls12::Step& step) {
  emit([&] { return NoteEvent{"peer", script::dtls12::to_text({step})}; });
  if (step.what == script::dtls12::What::end_closes) {
    model_.close();
    repeats_.clear();
  }
  if (step.what == script::dtls12::What::wait) {
    ++waits_;
    model_.pass(step.argument);
  }
}

void DtlsScriptJudge::on_datagram(const script::dtls12::SentDatagram& datagram, stacks::Address from) {
  to_deliver_.add(datagram);
  const bool is_protected = std::ranges::any_of(datagram.records, [](const auto& record) { return record.epoch != 0; });
  plaintext_ = is_protected ? Bytes{} : datagram.bytes;
  if (is_protected) repeats_.clear();
  model_.take_datagram(datagram, from);
}

std::string DtlsScriptJudge::model_text() const {
  if (!model_.is_sure()) return "leaves a choice";
  return model_.is_ended_by_peer() ? "ends by an alert" : model_.is_complete() ? "completes" : "does not complete";
}

void DtlsScriptJudge::on_exchange(std::size_t bytes_from_end) {
  check_repetition(bytes_from_end);
  for (std::uint16_t address = 0; address < script::dtls12::number_of_addresses; ++address)
    for (Bytes& data : end_.take_application_data(stacks::Address{address})) {
      to_deliver_.take(data);
      delivered_.push_back(std::move(data));
    }
  ++stats().other_checks;
  check_against_model();
}

/// RFC 6347 4.2.4: a flight that comes again is answered again; but one without protection can come from anybody, without end.
void DtlsScriptJudge::check_repetition(std::size_t bytes_from_end) {
  const Bytes datagram = std::exchange(plaintext_, {});
  if (outcome_().error) repeats_.clear();  // another handshake can begin with it
  if (datagram.empty() || bytes_from_end <= datagram.size()) return;
  if (++repeats_[datagram] > Limits{}.retransmissions_max + 1)
    finding("a datagram that anybody can repeat is answered without end");
}

/// RFC 6347 4.1.2.7, 4.2.4: what must be discarded changes nothing, and all else is as due.
void DtlsScriptJudge::check_against_model() {
  if (!model_.is_sure()) return;
  const EndOutcome outcome = outcome_();
  if (outcome.error && outcome.error->fatal() != nullptr && outcome.error->fatal()->why == Reason::handshake_timed_out) {
    // Each wait is up to four times what the end waits for; it gives up sooner where it was refused, and later where the rest
    // of a flight does not come.
    const std::size_t waits_min = model_.is_refused_in_plaintext() ? 1 : Limits{}.retransmissions_max / 4;
    const bool is_late = now_ >= stacks::Time(std::chrono::milliseconds(Limits{}.peer_flight_ms_max));
    if (model_.is_complete() || (waits_ < waits_min && !is_late)) finding("an end gives up too early");
    return model_.give_up();
  }
  if (outcome.error && !model_.is_ended_by_peer())
    finding("an end fails, though all that it was sent is honest or must be discarded: " + outcome.error->describe());
  if (!outcome.error && model_.is_ended_by_peer()) finding("an end does not fail for an alert under keys");
  if (outcome.completions != (model_.is_complete() ? 1u : 0u))
    finding(model_.is_complete() ? "an end does not complete, though it was sent all that it needs"
                                 : "an end completes before it was sent all that it needs");
  if (delivered_ != model_.delivered()) finding("an end delivers other data than it was sent");
}

}  // namespace tocsin::harness
