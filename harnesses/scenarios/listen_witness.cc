#include "harnesses/scenarios/listen_witness.h"

#include <algorithm>

#include "harnesses/trace/finding.h"

namespace tocsin::harness {

using rules::RecordConduct;

void ListenWitness::begin(const ListenerOutput& out) {
  out_ = &out;
  answers_ = out.to_peers.size();
  records_.clear();
}

void ListenWitness::see(DiscardReason why) {
  if (out_ == nullptr) return;
  note_answer();
  records_.push_back({why, false});
}

const std::vector<RecordConduct>& ListenWitness::end() {
  note_answer();
  out_ = nullptr;
  return records_;
}

void ListenWitness::note_answer() {
  if (out_ == nullptr || out_->to_peers.size() == answers_) return;
  answers_ = out_->to_peers.size();
  // An invalid cookie is discarded, and what it stands in is answered.
  const bool is_of_last = !records_.empty() && records_.back().discarded == DiscardReason::cookie_invalid;
  if (is_of_last && !records_.back().is_answered)
    records_.back().is_answered = true;
  else
    records_.push_back({std::nullopt, true});
}

void require_permitted(ByteView datagram, std::size_t connection_id_bytes, const std::vector<RecordConduct>& records,
                       const std::vector<ListenerOutput::Addressed>& answers) {
  for (const auto& answer : answers) {
    ++stats().other_checks;
    if (const auto fault = rules::fault_of_answer(answer.datagram, datagram))
      finding("a listener's answer is not as RFC 6347 4.2.1 has it: " + *fault);
  }
  const auto reading = rules::read_datagram(datagram, connection_id_bytes);
  if (!reading) return;
  ++stats().oracle_comparisons;
  if (const auto deviation = judge_records(*reading, records, "tocsin"))
    finding(deviation->text + "\n  " + names_of(records) + "\n" + describe(*reading));
}

differential::Verdict verdict_of(const std::vector<RecordConduct>& records) {
  differential::Verdict verdict;
  verdict.retried = std::ranges::any_of(records, &RecordConduct::is_answered);
  return verdict;
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
