#include "harnesses/scenarios/sender_reading.h"

#include <algorithm>
#include <utility>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/dissect/records.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void SenderReading::note_client(ContentType type, ByteView content) {
  const bool is_hello = !content.empty() && content[0] == static_cast<std::uint8_t>(HandshakeType::client_hello);
  if (type != ContentType::handshake || !is_hello) return;
  // A server that has answered one hello, and has asked for no other, does not go by another.
  if (std::exchange(has_offer_, true) && !std::exchange(is_retried_, false)) return;
  // What an edited hello offers is nowhere in the setup.
  if (std::ranges::equal(content, honest_))
    conversation_->take_offer(content);
  else
    is_over_ = true;
}

void SenderReading::take(ContentType type, ByteView content, rules::Protection protection) {
  // Alerts answer what came, and warnings beside: CheckedConnection looks at them.
  is_over_ = is_over_ || type == ContentType::alert;
  if (is_over_) return;
  if (type == ContentType::handshake) {
    append(partial_, content);
    ByteView rest = partial_;
    // Only the server knows what its proofs have to be, so its word is taken for them.
    while (const auto message = dissect::take_message(rest)) conversation_->expect(message->bytes);
    partial_.erase(partial_.begin(), partial_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }
  conversation_->take_record(type, content, 0, protection);
  conversation_->take_turn();
  if (!conversation_->is_sure()) return;
  const rules::Reading reading = conversation_->reading();
  const bool is_broken = rules::must_be_refused(reading);
  check(Invariant::sent_messages_break_no_rule, !is_broken,
        is_broken ? "a server\n" + rules::describe(reading) : std::string());
}

}  // namespace tocsin::harness
