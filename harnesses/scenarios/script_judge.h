#pragma once
// Holds what an end does after each exchange of a script against what the rules permit at that place.
#include "harnesses/differential/rules/conversation.h"
#include "harnesses/differential/rules/judge.h"
#include "harnesses/scenarios/sender_reading.h"
#include "harnesses/scenarios/testing.h"
#include "harnesses/script/scripted_peer.h"

namespace tocsin::harness {

/// The end that is judged, or that plays.
constexpr stacks::Role other_than(stacks::Role role) {
  return role == stacks::Role::client ? stacks::Role::server : stacks::Role::client;
}

/// What a finding tells of the script that the body holds.
std::string account_of(const rules::Deviation& deviation, const rules::Reading& reading, ByteView body);

class ScriptJudge final : public script::Watcher {
 public:
  /// stack: the end's name, for the text. The end must outlive it.
  ScriptJudge(rules::ConversationSetup setup, std::string stack, const stacks::Peer& end)
      : conversation_(rules::make_conversation(std::move(setup))), stack_(std::move(stack)), end_(end) {}

  void on_step(const script::Step& step) override;
  void on_message_built(ByteView message) override {
    conversation_->expect(message);
    if (sender_) sender_->note_honest(message);
  }
  void on_record(ContentType type, ByteView content, std::size_t padding_bytes, script::Keys keys,
                 std::size_t key_updates) override;
  void on_received(ContentType type, ByteView content, script::Keys keys, std::size_t key_updates) override;
  void on_client_hello(ByteView message) override { conversation_->take_offer(message); }
  void on_retry(std::optional<NamedGroup> asked) override {
    conversation_->take_retry(asked);
    if (sender_) sender_->note_retry();
  }
  void on_resumption() override { conversation_->take_resumption(); }
  void on_exchange() override;

  /// Reads what the end, a server, sends.
  void read_sender(rules::ConversationSetup of_client) { sender_.emplace(std::move(of_client)); }

  bool is_sure() const { return conversation_->is_sure(); }
  bool is_more_behind() const { return conversation_->is_more_behind(); }
  /// The end has read more than its limits permit, and goes on.
  bool has_passed_limits() const {
    return is_judging_ && is_sure() && conversation_->is_beyond_limits() && end_.has_read_all() &&
           end_.status() != stacks::Status::failed;
  }
  bool has_all_that_completes() const { return conversation_->is_complete(); }
  /// The last that could be judged.
  const Judged& last() const { return last_; }
  const std::optional<rules::Deviation>& deviation() const { return deviation_; }

 private:
  differential::Verdict verdict() const;

  std::unique_ptr<rules::Conversation> conversation_;
  std::optional<SenderReading> sender_;
  std::string stack_;
  const stacks::Peer& end_;
  bool is_judging_ = true;
  std::optional<stacks::AlertSeen> alert_heard_;  // the last error alert that the scripted peer could open
  bool is_message_kept_ = false;                  // by the end, at some time
  Judged last_;
  std::optional<rules::Deviation> deviation_;
};

}  // namespace tocsin::harness
