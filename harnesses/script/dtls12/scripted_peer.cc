// The peer's side of the handshake: what it builds, and what it makes of the end's datagrams.
#include "harnesses/script/dtls12/scripted_peer.h"

#include <algorithm>

#include "core/wire/dtls/hello_verify_request.h"
#include "harnesses/script/edits.h"
#include "harnesses/script/encoding.h"

namespace tocsin::script::dtls12 {
namespace {

constexpr std::size_t header_bytes = dissect::MessageView::header_bytes;

char letter_of(What what) {
  constexpr std::string_view letters = "hrckqzxvtfo";
  return letters[static_cast<std::size_t>(what)];
}

}  // namespace

ScriptedPeer::ScriptedPeer(ScriptedPeerConfig config, Watcher* watcher)
    : config_(std::move(config)), watcher_(watcher), handshake_(config_) {}

void ScriptedPeer::play(const Script& script, stacks::Endpoint& end) {
  listen(end);
  for (const Step& step : script) {
    if (watcher_ != nullptr) watcher_->on_step(step);
    perform(step, end);
    if (!step.shares_datagram) end_datagram(step, end);
  }
  end_datagram({}, end);
}

void ScriptedPeer::perform(const Step& step, stacks::Endpoint& end) {
  switch (step.what) {
    case What::hello:
    case What::hello_verify_request:
    case What::certificate:
    case What::server_key_exchange:
    case What::certificate_request:
    case What::server_hello_done:
    case What::client_key_exchange:
    case What::certificate_verify:
    case What::new_session_ticket:
    case What::finished:
    case What::other_message:
      return send_message(step, end);
    case What::handshake_bytes:
      return send_record(ContentType::handshake, step.body.value_or(Bytes{step.argument}), step, end);
    case What::change_cipher_spec:
      return send_change_cipher_spec(step, end);
    case What::alert:
      return send_record(ContentType::alert, build_alert(step), step, end);
    case What::application_data:
      return send_record(ContentType::application_data, Bytes(step.argument, data_sent_++), step, end);
    case What::flight_again:
      return send_flight_again(step, end);
    case What::datagram_again:
      if (step.argument < datagrams_.size()) deliver(SentDatagram(datagrams_[datagrams_.size() - 1 - step.argument]), end);
      return;
    case What::datagram:
      return deliver({step.body.value_or(Bytes{}), {}}, end);
    case What::lose:
      loses_next_ = true;
      return;
    case What::wait:
      return wait(step.argument, end);
    case What::move:
      if (config_.role == Role::client)
        address_ = stacks::Address{static_cast<std::uint16_t>(step.argument % number_of_addresses)};
      return;
    case What::end_sends:
      (void)end.send(address_, Bytes(step.argument, 'e'), now_);
      return listen(end);
    case What::end_closes:
      (void)end.close(address_, now_);
      return listen(end);
  }
}

Bytes ScriptedPeer::build_hello_verify_request(std::uint8_t cookie_bytes) const {
  const Bytes cookie(cookie_bytes, 'c');
  wire::HelloVerifyRequest request;
  request.cookie = cookie;
  return encoded(request);
}

Bytes ScriptedPeer::build(const Step& step) {
  if (step.what == What::hello_verify_request) return build_hello_verify_request(step.argument);
  script::Step of_stream;
  of_stream.what = *message_of(step.what);
  of_stream.argument = step.argument;
  return handshake_.build(of_stream);
}

/// Whether an honest end would have what it needs to send this.
bool ScriptedPeer::is_due(What what, std::uint8_t argument) const {
  const auto has = [&](HandshakeType type) { return types_received_.count(type) != 0; };
  if (config_.role == Role::client) return what == What::hello || has(HandshakeType::server_hello_done);
  if (what == What::hello && (argument & 128) != 0) return false;  // promises a ticket that nobody has asked for
  const bool is_last_flight = what == What::finished || what == What::new_session_ticket;
  return has(is_last_flight ? HandshakeType::finished : HandshakeType::client_hello);
}

/// A client's begins with each ClientHello, a server's once more with a HelloVerifyRequest.
void ScriptedPeer::begin_handshake(const Step& step) {
  if (config_.role == Role::client && step.what == What::hello && next_message_seq_ != 0) {
    handshake_.begin_again(cookie_);
    proof_.begin_handshake(next_message_seq_);
    ++handshakes_;
    is_write_protected_ = false;
  }
  if (config_.role == Role::client && step.what == What::hello) {
    types_received_.clear();
    received_.restart(next_message_seq_);
  }
}

void ScriptedPeer::send_message(const Step& step, stacks::Endpoint& end) {
  const bool is_next = step.message_number == MessageNumber::due;
  if (is_next) begin_handshake(step);
  Bytes message = build(step);
  const Bytes unedited = message;
  if (step.body) replace_body(*step.body, message);
  apply_all(step.edits, message);
  constexpr std::uint16_t ahead[] = {0, 0xffff, 1, 20};
  const auto message_seq = static_cast<std::uint16_t>(next_message_seq_ + ahead[static_cast<std::size_t>(step.message_number)]);
  const bool is_empty = step.what == What::certificate && is_empty_certificate(message, ProtocolVersion::tls12);
  const bool is_hello_request = message[0] == static_cast<std::uint8_t>(HandshakeType::hello_request);
  const char letter = is_empty ? 'n' : is_hello_request ? 'r' : letter_of(step.what);
  const bool is_honest = (message == unedited || is_empty) && is_due(step.what, step.argument);
  const auto epoch = static_cast<std::uint16_t>(is_write_protected_ || step.what == What::finished ? 1 : 0);
  const SentMessage sent{handshakes_, message_seq, epoch, is_honest ? letter : static_cast<char>(letter - 'a' + 'A'), message};
  proof_.add(sent);
  if (is_next) {
    if (watcher_ != nullptr) watcher_->on_message(sent);
    if (std::exchange(is_flight_answered_, false)) flight_.clear();
    flight_.push_back({ContentType::handshake, message, message_seq, under_due(Under::as_due)});
    ++next_message_seq_;
    if (step.what != What::hello_verify_request) {
      handshake_.take_sent(*message_of(step.what), message, message_seq);
    } else if (config_.role == Role::server) {
      handshake_.begin_again({});
      is_write_protected_ = false;
      types_received_.clear();
    }
  }
  send_fragments(message, message_seq, step, end);
}

void ScriptedPeer::wait(std::uint8_t tenths, stacks::Endpoint& end) {
  constexpr int calls_max = 4;  // each of which moves the deadline on
  now_ += std::chrono::milliseconds(100 * tenths);
  if (tenths == 0) now_ = std::max(now_, end.deadline().value_or(now_));
  if (watcher_ != nullptr) watcher_->on_time(now_);
  for (int calls = 0; calls < calls_max && end.deadline() && *end.deadline() <= now_; ++calls) end.on_timeout(now_);
  listen(end);
}

void ScriptedPeer::listen(stacks::Endpoint& end) {
  const std::vector<stacks::Datagram> from_end = end.take_output();
  if (from_end.empty() || !std::exchange(loses_next_, false))
    for (const stacks::Datagram& datagram : from_end) read(datagram.bytes);
  std::size_t bytes = 0;
  for (const stacks::Datagram& datagram : from_end) bytes += datagram.bytes.size();
  if (watcher_ != nullptr) watcher_->on_exchange(bytes);
}

void ScriptedPeer::read(ByteView datagram) {
  while (auto record = dissect::take_dtls_record(datagram)) {
    if (record->type != ContentType::handshake) continue;
    if (record->epoch == 0) {
      read_handshake(*record);
      continue;
    }
    record::tls12::Protection* keys = handshake_.read();
    if (keys == nullptr || record->fragment.size() <= keys->overhead_bytes()) continue;
    Bytes content(record->fragment.size() - keys->overhead_bytes());
    const std::uint64_t number = std::uint64_t{record->epoch} << 48 | record->sequence;
    if (!keys->open({number, record->type, record->version}, record->fragment, content)) continue;
    record->fragment = content;
    read_handshake(*record);
  }
}

void ScriptedPeer::read_handshake(dissect::DtlsRecordView record) {
  for (const dissect::FragmentView& fragment : dissect::fragments_of(record)) received_.add(fragment);
  while (const auto message = received_.take()) take_received(*message);
}

void ScriptedPeer::take_received(ByteView message) {
  const auto type = static_cast<HandshakeType>(message[0]);
  is_flight_answered_ = true;
  types_received_.insert(type);
  if (type == HandshakeType::hello_verify_request) {
    if (const auto request = wire::decode_hello_verify_request(message.subspan(header_bytes)))
      cookie_.assign(request->cookie.begin(), request->cookie.end());
    return;
  }
  ByteView rest = message;
  if (const auto view = dissect::take_message(rest)) handshake_.take_received(*view, received_.last_message_seq());
}

}  // namespace tocsin::script::dtls12
