#include "harnesses/scenarios/dtls_script_judge.h"

#include <algorithm>

#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

void DatagramsToDeliver::add(const script::dtls12::SentDatagram& datagram) {
  for (const script::dtls12::SentRecord& record : datagram.records) {
    if (!record.is_of_dtls) return;
    if (record.type != ContentType::application_data || record.epoch == 0 || !record.is_authentic) continue;
    const bool is_known = std::ranges::any_of(
        records_, [&](const Record& known) { return known.handshake == record.handshake && known.sequence == record.sequence; });
    // Of two records of one number either may be the one that counts.
    if (!is_known || records_.empty() || records_.back().content != record.content)
      records_.push_back({record.handshake, record.sequence, record.content});
  }
}

void DatagramsToDeliver::take(ByteView delivered) {
  const auto found = std::ranges::find_if(records_, [&](const Record& record) {
    return !record.is_delivered && std::ranges::equal(record.content, delivered);
  });
  if (found == records_.end()) finding("data is delivered that was not sent, or twice");
  for (Record& record : records_)
    if (record.handshake == found->handshake && record.sequence == found->sequence) record.is_delivered = true;
}

void DtlsScriptJudge::on_step(const script::dtls12::Step& step) {
  emit([&] { return NoteEvent{"peer", script::dtls12::to_text({step})}; });
}

void DtlsScriptJudge::on_datagram(const script::dtls12::SentDatagram& datagram, stacks::Address) { to_deliver_.add(datagram); }

void DtlsScriptJudge::on_exchange() {
  for (std::uint16_t address = 0; address < script::dtls12::number_of_addresses; ++address)
    for (const Bytes& data : end_.take_application_data(stacks::Address{address})) to_deliver_.take(data);
  ++stats().other_checks;
}

}  // namespace tocsin::harness
