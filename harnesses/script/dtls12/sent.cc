#include "harnesses/script/dtls12/sent.h"

#include <algorithm>

#include "harnesses/dissect/records.h"
#include "harnesses/script/tls12/proof.h"

namespace tocsin::script::dtls12 {

void Proof::add(const SentMessage& message) {
  const std::size_t body_bytes = message.bytes.size() - dissect::MessageView::header_bytes;
  handshakes_.back().push_back({message, std::vector<bool>(body_bytes + 1)});
}

void Proof::add(const SentDatagram& datagram) {
  for (const SentRecord& record : datagram.records) {
    if (!record.is_of_dtls) return;
    if (record.is_authentic && record.type == ContentType::handshake) add(record);
  }
}

void Proof::add(const SentRecord& record) {
  dissect::DtlsRecordView view{};
  view.type = record.type;
  view.fragment = record.content;
  for (const dissect::FragmentView& fragment : dissect::fragments_of(view)) {
    if (!fragment.is_header_whole || !fragment.is_whole()) return;
    for (std::size_t i = 0; i < handshakes_.size(); ++i) {
      if (record.epoch != 0 && record.handshake != i) continue;
      for (Message& message : handshakes_[i]) {
        const ByteView body = ByteView(message.sent.bytes).subspan(dissect::MessageView::header_bytes);
        const bool fits = message.sent.message_seq == fragment.message_seq && message.sent.epoch == record.epoch &&
                          message.sent.bytes[0] == static_cast<std::uint8_t>(fragment.type) &&
                          fragment.length_bytes == body.size() && fragment.offset_bytes + fragment.body.size() <= body.size();
        if (!fits) continue;
        message.has.back() = true;
        for (std::size_t at = 0; at < fragment.body.size(); ++at)
          if (body[fragment.offset_bytes + at] == fragment.body[at]) message.has[fragment.offset_bytes + at] = true;
      }
    }
  }
}

bool Proof::Message::is_whole() const { return std::ranges::find(has, false) == has.end(); }

std::string Proof::trace_of(const Handshake& handshake) {
  std::string trace;
  std::uint16_t epoch = 0;
  for (const Message& message : handshake) {
    const char letter = message.sent.letter;
    if (letter == 'r' || letter == 'R') {  // a HelloVerifyRequest or a HelloRequest, which prove nothing
      trace += 'r';
      continue;
    }
    if (message.sent.epoch > epoch) trace += 's';
    epoch = message.sent.epoch;
    // The hellos and a CertificateRequest may have been edited: whether they are still good is for the end to judge.
    const bool may_be_edited = letter == 'H' || letter == 'Q';
    trace += !message.is_whole() ? '#' : may_be_edited ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return trace;
}

bool Proof::is_given(stacks::Role peer, ClientAuthentication asked) const {
  return std::ranges::any_of(handshakes_, [&](const Handshake& handshake) {
    const std::string trace = trace_of(handshake);
    if (peer == stacks::Role::server) return tls12::server_proves(trace, tls12::Resumed::no);
    return trace.starts_with('h') && tls12::client_proves(trace.substr(1), asked, tls12::Resumed::no);
  });
}

}  // namespace tocsin::script::dtls12
