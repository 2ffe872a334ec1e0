#include "harnesses/scenarios/script_judge.h"

#include "harnesses/stacks/wire_alerts.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

rules::Protection protection_by(script::Keys keys, std::size_t key_updates) {
  if (keys == script::Keys::handshake) return {rules::Epoch::handshake};
  if (keys == script::Keys::application) return {rules::Epoch::application, key_updates};
  return {rules::Epoch::plaintext};
}

}  // namespace

std::string account_of(const rules::Deviation& deviation, const rules::Reading& reading, ByteView body) {
  return deviation.text + ": " + script::to_text(script::parse(body)) + "\n" + rules::describe(reading);
}

void ScriptJudge::on_step(const script::Step& step) {
  emit([&] { return NoteEvent{"peer", script::to_text({step})}; });
  // RFC 9846 6.1, RFC 5246 7.2.1: whoever has closed need neither read nor tell any more.
  if (step.what == script::What::end_closes) is_judging_ = false;
}

void ScriptJudge::on_record(ContentType type, ByteView content, std::size_t padding_bytes, script::Keys keys,
                            std::size_t key_updates) {
  conversation_->take_record(type, content, padding_bytes, protection_by(keys, key_updates));
  if (sender_) sender_->note_client(type, content);
}

void ScriptJudge::on_received(ContentType type, ByteView content, script::Keys keys, std::size_t key_updates) {
  if (const auto alert = stacks::error_alert_in(type, content)) alert_heard_ = alert;
  if (type == ContentType::handshake) conversation_->take_own_record(content);
  if (sender_) sender_->take(type, content, protection_by(keys, key_updates));
}

void ScriptJudge::on_exchange() {
  conversation_->take_turn();
  if (!is_judging_ || !conversation_->is_sure()) return;
  is_message_kept_ = is_message_kept_ || !end_.has_read_all();
  // It may have met what came behind a message that it kept before it looked at that.
  if (!end_.has_read_all() || (is_message_kept_ && conversation_->is_more_behind())) return;
  last_ = {conversation_->reading(), verdict()};
  deviation_ = judge(*last_.reading, last_.verdict, stack_);
  const bool has_ended = last_.verdict.end == differential::End::rejected || last_.verdict.end == differential::End::told;
  is_judging_ = !has_ended && !deviation_;
}

differential::Verdict ScriptJudge::verdict() const {
  differential::Verdict verdict;
  verdict.alert = end_.alert_sent();
  if (!verdict.alert && end_.may_have_sent_alert()) verdict.alert = alert_heard_;
  switch (end_.status()) {
    case stacks::Status::failed:
      verdict.end = end_.alert_received() && !verdict.alert ? differential::End::told : differential::End::rejected;
      break;
    case stacks::Status::complete:
      verdict.end = differential::End::complete;
      break;
    case stacks::Status::handshaking:
      verdict.answered = !conversation_->is_complete();  // else it waits, and nothing more comes
      break;
  }
  return verdict;
}

}  // namespace tocsin::harness
