#include "harnesses/scenarios/listen_witness.h"

#include <algorithm>
#include <utility>

#include "harnesses/trace/finding.h"

namespace tocsin::harness {

using rules::RecordConduct;

void ListenWitness::begin(const Listener& listener, const ListenerOutput& out) {
  listener_ = &listener;
  out_ = &out;
  cookies_ = listener.cookies_sent();
  answers_ = out.to_peers.size();
  records_.clear();
}

void ListenWitness::see(DiscardReason why) {
  if (listener_ == nullptr) return;
  note_retry();
  records_.push_back({why, false});
}

const std::vector<RecordConduct>& ListenWitness::end() {
  note_retry();
  // A hello with its cookie is answered by an association, and of that the output alone tells.
  const auto retries = static_cast<std::size_t>(std::ranges::count_if(records_, &RecordConduct::is_answered));
  if (out_->to_peers.size() > answers_ + retries) note_answer();
  listener_ = nullptr;
  return records_;
}

void ListenWitness::note_retry() {
  if (listener_->cookies_sent() != std::exchange(cookies_, listener_->cookies_sent())) note_answer();
}

void ListenWitness::note_answer() {
  // An invalid cookie is discarded, and what it stands in is answered.
  const bool is_of_last = !records_.empty() && records_.back().discarded == DiscardReason::cookie_invalid;
  if (is_of_last && !records_.back().is_answered)
    records_.back().is_answered = true;
  else
    records_.push_back({std::nullopt, true});
}

namespace {

differential::Verdict verdict_of(const std::vector<RecordConduct>& records, const Error* error) {
  differential::Verdict verdict;
  verdict.retried = std::ranges::any_of(records, &RecordConduct::is_answered);
  if (error == nullptr) return verdict;
  verdict.end = differential::End::rejected;
  if (const Fatal* fatal = error->fatal())
    verdict.alert = stacks::AlertSeen{2, static_cast<std::uint8_t>(alert_for(fatal->why)), true};
  return verdict;
}

void require_none(const std::optional<rules::Deviation>& deviation, const Judged& judged,
                  const std::vector<RecordConduct>& records) {
  ++stats().oracle_comparisons;
  if (deviation) finding(deviation->text + "\n  " + names_of(records) + "\n" + describe(*judged.reading));
}

}  // namespace

Judged judge_listening(ByteView datagram, std::size_t connection_id_bytes, const std::vector<RecordConduct>& records,
                       const std::vector<ListenerOutput::Addressed>& answers) {
  for (const auto& answer : answers) {
    ++stats().other_checks;
    if (const auto fault = rules::fault_of_answer(answer.datagram, datagram))
      finding("a listener's answer is not as RFC 6347 4.2.1 has it: " + *fault);
  }
  const Judged judged{rules::read_datagram(datagram, connection_id_bytes), verdict_of(records, nullptr)};
  if (judged.reading) require_none(judge_records(*judged.reading, records, "tocsin"), judged, records);
  return judged;
}

Judged judge_amid_handshake(ByteView datagram, const std::vector<RecordConduct>& records, const Error* error) {
  const Judged judged{rules::read_datagram(datagram, 0, rules::Situation::waits_for_key_exchange), verdict_of(records, error)};
  if (!judged.reading) return judged;
  require_none(judge(*judged.reading, judged.verdict, "tocsin"), judged, records);
  require_none(judge_names(*judged.reading, records, "tocsin"), judged, records);
  return judged;
}

std::string names_of(const std::vector<RecordConduct>& records) {
  std::string text;
  const auto add = [&](std::string_view word) { text.append(text.empty() ? "" : " ").append(word); };
  for (const RecordConduct& record : records) {
    if (record.discarded) add(name_of(*record.discarded));
    if (record.is_answered) add("hello_verify_request");
  }
  return text;
}

}  // namespace tocsin::harness
