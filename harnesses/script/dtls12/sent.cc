#include "harnesses/script/dtls12/sent.h"

#include <algorithm>

#include "harnesses/dissect/records.h"
#include "harnesses/script/tls12/proof.h"

namespace tocsin::script::dtls12 {

void Proof::add(const SentMessage& message) {
  const std::size_t body_bytes = message.bytes.size() - dissect::MessageView::header_bytes;
  handshakes_.back().messages.push_back({message, std::vector<bool>(body_bytes + 1)});
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
      for (Message& message : handshakes_[i].messages) {
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

/// For each choice among messages of one number, by their order.
std::vector<std::string> Proof::traces_of(const Handshake& handshake) {
  constexpr std::size_t traces_max = 64;
  std::vector<std::string> traces(1);
  for (std::uint16_t number = handshake.first_message_seq;; ++number) {
    std::vector<std::string> longer;
    for (const Message& message : handshake.messages) {
      if (message.sent.message_seq != number) continue;
      char letter = message.sent.letter;
      // A HelloVerifyRequest or a HelloRequest proves nothing. The hellos and a CertificateRequest may have been edited:
      // whether they are still good is for the end to judge.
      const bool is_request = letter == 'r' || letter == 'R';
      if (is_request || letter == 'H' || letter == 'Q') letter = static_cast<char>(letter | 0x20);
      if (!is_request && !message.is_whole()) letter = '#';
      for (const std::string& before : traces) {
        const bool begins_epoch = !is_request && message.sent.epoch != 0 && before.find('s') == std::string::npos;
        std::string trace = before + (begins_epoch ? "s" : "") + letter;
        if (longer.size() < traces_max && std::ranges::find(longer, trace) == longer.end()) longer.push_back(std::move(trace));
      }
    }
    if (longer.empty()) return traces;
    traces = std::move(longer);
  }
}

bool Proof::is_given(stacks::Role peer, ClientAuthentication asked) const {
  return std::ranges::any_of(handshakes_, [&](const Handshake& handshake) {
    return std::ranges::any_of(traces_of(handshake), [&](const std::string& trace) {
      if (peer == stacks::Role::server) return tls12::server_proves(trace, tls12::Resumed::no);
      return trace.starts_with('h') && tls12::client_proves(trace.substr(1), asked, tls12::Resumed::no);
    });
  });
}

}  // namespace tocsin::script::dtls12
