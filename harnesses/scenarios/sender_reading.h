#pragma once
// What a server of tocsin sends to a scripted client, to its end, read by the rules as a client reads it.
#include "harnesses/differential/rules/conversation.h"
#include "harnesses/script/script.h"

namespace tocsin::harness {

class SenderReading {
 public:
  /// setup: of an honest client that plays the same, and takes what the server is set up for.
  explicit SenderReading(rules::ConversationSetup setup) : conversation_(rules::make_conversation(std::move(setup))) {}

  /// As an honest client would send it now, before any edit.
  void note_honest(ByteView message) { honest_.assign(message.begin(), message.end()); }
  /// The client has got a HelloRetryRequest.
  void note_retry() { is_retried_ = true; }
  /// The client has sent a record. content: without protection.
  void note_client(ContentType type, ByteView content);
  /// A finding if the server breaks a rule for which a client must refuse it.
  void take(ContentType type, ByteView content, rules::Protection protection);

 private:
  std::unique_ptr<rules::Conversation> conversation_;
  Bytes honest_;   // what was built last
  Bytes partial_;  // of a message
  bool has_offer_ = false, is_retried_ = false;
  bool is_over_ = false;
};

}  // namespace tocsin::harness
