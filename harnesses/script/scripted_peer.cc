// Sending: steps, edits, records.
#include "harnesses/script/scripted_peer.h"

#include <algorithm>

#include "core/record/header.h"
#include "harnesses/script/edits.h"

namespace tocsin::script {
namespace {

ContentType type_of(What what) {
  if (what == What::alert) return ContentType::alert;
  if (what == What::change_cipher_spec) return ContentType::change_cipher_spec;
  if (what == What::application_data || what == What::padded_data) return ContentType::application_data;
  return ContentType::handshake;
}

char letter_of(What what) {
  constexpr std::string_view letters = "hreqcvftu...o.kzx....";
  return letters[static_cast<std::size_t>(what)];
}

}  // namespace

void ScriptedPeer::play(const Script& script, stacks::Peer& other) {
  listen(other.take_output());
  for (const Step& step : script) {
    if (config_.watcher != nullptr) config_.watcher->on_step(step);
    if (is_call_of_end(step.what)) {
      call(step, other);
      continue;
    }
    perform(step);
    if (!step.shares_record) exchange(other);
  }
  flush_messages(0);
  exchange(other);
}

// Whatever is held back for a common record stays so: the call comes before it.
void ScriptedPeer::call(const Step& step, stacks::Peer& other) {
  for (int times = step.twice ? 2 : 1; times > 0; --times) {
    if (step.what == What::end_sends) (void)other.send(Bytes(step.argument, 'e'));
    if (step.what == What::end_updates_keys)
      (void)other.update_keys((step.argument & 1) != 0 ? KeyUpdateRequest::update_requested
                                                       : KeyUpdateRequest::update_not_requested);
    if (step.what == What::end_closes) (void)other.close();
  }
  listen(other.take_output());
}

void ScriptedPeer::exchange(stacks::Peer& other) {
  const Bytes sent = std::exchange(output_, {});
  if (!sent.empty()) other.receive(sent);
  listen(other.take_output());
  if (config_.watcher != nullptr) config_.watcher->on_exchange();
}

void ScriptedPeer::listen(ByteView from_other) {
  input_.add(from_other);
  input_.each([this](const dissect::RecordView& record) { honest_->take_received(record); });
}

bool ScriptedPeer::has_proved_itself() const {
  // What proves nothing may have been edited: whether it is still good is for the other end to judge.
  constexpr std::string_view edited = "HREQT";
  std::string trace;
  for (const char c : trace_) trace += edited.find(c) != edited.npos ? static_cast<char>(c + 'a' - 'A') : c;
  return honest_->proves(trace);
}

Keys ScriptedPeer::due_or(ContentType type, Keys asked) const {
  if (asked == Keys::as_due) return honest_->keys_due(type);
  return honest_->has(asked) ? asked : Keys::plaintext;
}

void ScriptedPeer::perform(const Step& step) {
  const Keys keys = due_or(type_of(step.what), step.keys);
  for (int times = step.twice ? 2 : 1; times > 0; --times) {
    switch (step.what) {
      case What::alert: {
        const Bytes alert = build_alert(step);
        flush_messages(0);
        if (step.argument != static_cast<std::uint8_t>(AlertDescription::user_canceled)) trace_ += 'a';
        send_content(ContentType::alert, alert, keys, step.fragment_bytes);
        break;
      }
      case What::change_cipher_spec: {
        flush_messages(0);
        const std::array<std::uint8_t, 1> one{1};
        trace_ += keys == honest_->keys_due(ContentType::change_cipher_spec) ? 's' : '#';
        send_content(ContentType::change_cipher_spec, one, keys, 0);
        honest_->take_sent_change_cipher_spec();
        break;
      }
      case What::application_data:
        flush_messages(0);
        trace_ += 'd';
        send_content(ContentType::application_data, Bytes(step.argument, 'd'), keys, step.fragment_bytes);
        break;
      case What::padded_data: {
        flush_messages(0);
        trace_ += 'd';
        const std::array<std::uint8_t, 1> one{'d'};
        send_record(ContentType::application_data, one, step.argument * std::size_t{64}, keys);
        break;
      }
      case What::handshake_bytes:
        flush_messages(0);
        trace_ += '#';
        send_content(ContentType::handshake, step.body.value_or(Bytes{step.argument}), keys, step.fragment_bytes);
        break;
      case What::hello:
      case What::retry:
      case What::encrypted_extensions:
      case What::certificate_request:
      case What::certificate:
      case What::certificate_verify:
      case What::finished:
      case What::new_session_ticket:
      case What::key_update:
      case What::server_key_exchange:
      case What::server_hello_done:
      case What::client_key_exchange:
      case What::other_message: {
        Bytes message = honest_->build(step);
        const Bytes unedited = message;
        if (config_.watcher != nullptr && honest_->sends(step.what)) config_.watcher->on_message_built(unedited);
        if (step.body) replace_body(*step.body, message);
        apply_all(step.edits, message);
        if (messages_out_.empty()) messages_out_keys_ = keys;
        const bool is_empty = step.what == What::certificate && is_empty_certificate(message, config_.version);
        const bool is_hello_request =
            config_.version == ProtocolVersion::tls12 && message[0] == static_cast<std::uint8_t>(HandshakeType::hello_request);
        const char letter = is_empty ? 'n' : is_hello_request ? 'r' : letter_of(step.what);
        const char edited_letter = static_cast<char>(letter - 'a' + 'A');
        const bool is_under_other_keys = messages_out_keys_ != honest_->keys_due(ContentType::handshake);
        trace_ += is_under_other_keys ? '#' : message == unedited || is_empty ? letter : edited_letter;
        append(messages_out_, message);
        honest_->take_sent(step.what, message);
        break;
      }
      case What::end_sends:
      case What::end_updates_keys:
      case What::end_closes:
        break;
    }
  }
  if (!step.shares_record) flush_messages(step.fragment_bytes);
}

void ScriptedPeer::flush_messages(std::size_t fragment_bytes) {
  if (!messages_out_.empty())
    send_content(ContentType::handshake, std::exchange(messages_out_, {}), messages_out_keys_, fragment_bytes);
  honest_->end_flight();
}

void ScriptedPeer::send_content(ContentType type, ByteView content, Keys keys, std::size_t fragment_bytes) {
  const std::size_t most = fragment_bytes == 0 ? record::plaintext_bytes_max : fragment_bytes;
  do {
    const ByteView fragment = content.first(std::min(content.size(), most));
    content = content.subspan(fragment.size());
    send_record(type, fragment, 0, keys);
  } while (!content.empty());
}

// Without keys there is no padding.
void ScriptedPeer::send_record(ContentType type, ByteView content, std::size_t padding_bytes, Keys keys) {
  const bool is_protected = keys != Keys::plaintext && honest_->has(keys);
  if (config_.watcher != nullptr)
    config_.watcher->on_record(type, content, is_protected ? padding_bytes : 0, is_protected ? keys : Keys::plaintext,
                               honest_->key_updates());
  if (is_protected) {
    honest_->seal(type, content, padding_bytes, keys, output_);
  } else {
    append(output_, record::make_header(type, 0x0303, content.size()));
    append(output_, content);
  }
}

}  // namespace tocsin::script
