#include "harnesses/models/datagram_receiver.h"

#include <algorithm>

#include "harnesses/dissect/records.h"

namespace tocsin::harness {
namespace {

using script::dtls12::SentDatagram;
using script::dtls12::SentMessage;
using script::dtls12::SentRecord;

std::vector<dissect::FragmentView> fragments_in(const SentRecord& record) {
  dissect::DtlsRecordView view{};
  view.type = ContentType::handshake;
  view.fragment = record.content;
  return dissect::fragments_of(view);
}

/// RFC 6347 4.2.1: version, random and session id of a ClientHello, then the cookie, then the rest. body: without a header.
struct HelloParts {
  ByteView before, cookie, behind;
};
std::optional<HelloParts> parts_of(ByteView body) {
  constexpr std::size_t session_id_at = 34;
  if (body.size() <= session_id_at) return std::nullopt;
  const std::size_t cookie_at = session_id_at + 1 + body[session_id_at];
  if (body.size() <= cookie_at || body.size() <= cookie_at + body[cookie_at]) return std::nullopt;
  return HelloParts{body.first(cookie_at), body.subspan(cookie_at + 1, body[cookie_at]),
                    body.subspan(cookie_at + 1 + body[cookie_at])};
}
std::optional<HelloParts> parts_of(const SentMessage& message) {
  return parts_of(ByteView(message.bytes).subspan(dissect::MessageView::header_bytes));
}

bool is_small(char letter) { return letter >= 'a'; }

/// What is no record of DTLS 1.2 is passed over, whatever it holds.
bool could_be_a_record(ByteView datagram) {
  const auto record = dissect::take_dtls_record(datagram);
  return record && record->is_whole();
}

}  // namespace

void ModelDatagramReceiver::take_message(const SentMessage& message) { sent_.push_back(message); }

/// What may be taken, to the end.
std::vector<std::string> ModelDatagramReceiver::honest_traces() const {
  if (role_ == stacks::Role::client) return {"hckzf", "hckqzf"};
  if (asked_ == ClientAuthentication::none) return {"xf"};
  if (asked_ == ClientAuthentication::required) return {"cxvf"};
  return {"cxvf", "nxf"};
}

bool ModelDatagramReceiver::expects_change_cipher_spec() const {
  const auto traces = honest_traces();
  return epoch_ == 0 && std::ranges::find(traces, trace_ + 'f') != traces.end();
}

void ModelDatagramReceiver::close() {
  if (!is_complete_) give_up();
  if (role_ == stacks::Role::server) is_closed_ = true;  // a client still reads
}

void ModelDatagramReceiver::take_datagram(const SentDatagram& datagram, stacks::Address from) {
  if (datagram.records.empty() && could_be_a_record(datagram.bytes)) give_up();
  for (const SentRecord& record : datagram.records) {
    if (!is_sure_ || !record.is_of_dtls) return;
    if (role_ == stacks::Role::server) listen(record, from);
    const bool is_there = role_ == stacks::Role::client || (begun_ && begun_->from == from);
    if (is_sure_ && is_there && !is_ended_by_peer_) take_record(record);
  }
}

/// What a server does with a ClientHello, whatever association there is. One that asks for a cookie changes nothing.
void ModelDatagramReceiver::listen(const SentRecord& record, stacks::Address from) {
  if (record.epoch != 0 || record.type != ContentType::handshake) return;
  const auto fragments = fragments_in(record);
  if (fragments.empty() || fragments[0].type != HandshakeType::client_hello || !fragments[0].is_whole_message()) return;
  const dissect::FragmentView& hello = fragments[0];
  const auto parts = parts_of(hello.body);
  const auto sent = std::ranges::find_if(sent_, [&](const SentMessage& one) {
    return one.message_seq == hello.message_seq &&
           std::ranges::equal(ByteView(one.bytes).subspan(dissect::MessageView::header_bytes), hello.body);
  });
  if (!parts || sent == sent_.end() || sent->letter != 'h') return give_up();
  if (begun_ && begun_->from == from && begun_->message.message_seq == hello.message_seq) return;
  const bool asks = parts->cookie.empty();
  if (!asks && (begun_ || fragments.size() != 1)) return give_up();
  // The cookie is the server's last one, and good for whoever has not changed.
  const bool is_same = std::ranges::all_of(hellos_, [&](const Hello& other) {
    const auto others = parts_of(other.message);
    return other.from == from && std::ranges::equal(others->before, parts->before) &&
           std::ranges::equal(others->behind, parts->behind);
  });
  constexpr std::size_t cookie_tenths = 600;  // ServerConfig::cookie_period
  if (!asks && (!is_same || hellos_.empty() || passed_tenths_ >= cookie_tenths)) return give_up();
  hellos_.push_back({*sent, from});
  if (asks) return;
  begun_ = hellos_.back();
  handshake_ = sent->handshake;
  while (reassembly_.next() <= sent->message_seq) reassembly_.take();
}

/// The peer counts a message to its transcript that the end has not taken.
bool ModelDatagramReceiver::has_told_more_in_plaintext() const {
  return std::ranges::any_of(sent_, [&](const SentMessage& one) {
    const bool is_in_transcript = one.letter != 'r';
    return one.handshake == handshake_ && one.epoch == 0 && is_in_transcript && one.message_seq >= reassembly_.next();
  });
}

bool ModelDatagramReceiver::opens(const SentRecord& record) {
  if (record.epoch == 0) return true;
  // RFC 6347 4.1: the epoch says what a change_cipher_spec says.
  if (record.epoch == 1 && expects_change_cipher_spec()) epoch_ = 1;
  if (record.epoch != 1 || epoch_ != 1 || window_.refusal_of(record.sequence)) return false;
  if (!record.is_authentic || record.handshake != handshake_) return false;
  // Its keys come from another transcript (RFC 7627 4), or from the same one, if it told of them before.
  if (has_told_more_in_plaintext()) return give_up(), false;
  if (record.content.empty() && record.type != ContentType::application_data) return false;
  window_.mark(record.sequence);
  return true;
}

void ModelDatagramReceiver::take_record(const SentRecord& record) {
  if (!opens(record)) return;
  const bool is_change = record.content == Bytes{1};
  switch (record.type) {
    case ContentType::handshake:
      take_handshake(record.content, record.epoch);
      return take_messages();
    case ContentType::change_cipher_spec:
      if (record.epoch == 0 && is_change && expects_change_cipher_spec()) epoch_ = 1;
      return take_messages();
    case ContentType::alert:
      return take_alert(record.content, record.epoch);
    case ContentType::application_data:
      if (record.epoch == 1 && is_complete_ && !is_closed_) delivered_.push_back(record.content);
      return;
  }
}

void ModelDatagramReceiver::take_alert(ByteView content, std::uint16_t epoch) {
  constexpr std::uint8_t warning = 1, fatal = 2, close_notify = 0;
  if (content.size() != 2) return;
  if (epoch == 0) {
    is_refused_ = is_refused_ || content[0] == fatal;
    return;
  }
  if (is_closed_ && role_ == stacks::Role::server) return give_up();  // one that lingers
  if (content[0] != warning && content[0] != fatal) return give_up();
  if (content[1] == close_notify && is_complete_)
    is_closed_ = true;
  else if (content[0] == fatal || content[1] == close_notify)
    is_ended_by_peer_ = true;
  else if (++warnings_ > limits_.warning_alerts_max)
    give_up();
}

void ModelDatagramReceiver::take_handshake(ByteView content, std::uint16_t epoch) {
  SentRecord record;
  record.content.assign(content.begin(), content.end());
  for (const dissect::FragmentView& fragment : fragments_in(record)) {
    const bool is_good = fragment.is_header_whole && fragment.is_whole() &&
                         fragment.offset_bytes + fragment.fragment_bytes <= fragment.length_bytes;
    if (!is_good) return;  // with all that is behind it
    (void)reassembly_.add(
        {{fragment.type, fragment.length_bytes, fragment.message_seq, fragment.offset_bytes, fragment.fragment_bytes},
         fragment.body},
        epoch);
  }
}

void ModelDatagramReceiver::take_messages() {
  while (is_sure_) {
    const auto message = reassembly_.whole();
    if (!message || reassembly_.epoch() != epoch_) return;
    take_next(*message);
  }
}

/// The next message is whole, and under the right keys.
void ModelDatagramReceiver::take_next(ByteView message) {
  const auto due = std::ranges::find_if(
      sent_, [&](const SentMessage& one) { return one.handshake == handshake_ && one.message_seq == reassembly_.next(); });
  if (due == sent_.end() || due->epoch != epoch_ || !is_small(due->letter) || !std::ranges::equal(due->bytes, message))
    return give_up();
  reassembly_.take();
  if (due->letter == 'r') {  // or a HelloRequest, which has no business here
    const bool is_cookie_request = message[0] == static_cast<std::uint8_t>(HandshakeType::hello_verify_request);
    if (!is_cookie_request || role_ == stacks::Role::server || !trace_.empty() ||
        ++cookie_requests_ > limits_.hello_verify_requests_max)
      give_up();
    return;
  }
  trace_ += due->letter;
  const auto traces = honest_traces();
  if (std::ranges::none_of(traces, [&](const std::string& honest) { return honest.starts_with(trace_); })) return give_up();
  is_complete_ = std::ranges::find(traces, trace_) != traces.end();
}

}  // namespace tocsin::harness
