#include "harnesses/checkers/received_key_updates.h"

#include <string>

namespace tocsin::harness {

void ReceivedKeyUpdates::read(ByteView received) {
  if (opening_ == nullptr || is_over_) return;
  records_.add(received);
  records_.each([this](const dissect::RecordView& record) {
    if (!is_over_ && record.type == ContentType::application_data) read_record(record);
  });
}

void ReceivedKeyUpdates::read_record(const dissect::RecordView& record) {
  if (!opener_) {
    const Secret secret = secret_of_other_end("HANDSHAKE_TRAFFIC_SECRET");
    if (secret.empty()) return;  // early data that is rejected, or a record of TLS 1.2
    opener_.emplace(*opening_, secret);
  }
  const auto content = opener_->open(record.bytes);
  if (!content) {
    is_over_ = has_opened_;  // before the first that opens it may be early data that is rejected
    return;
  }
  has_opened_ = true;
  if (content->type == ContentType::handshake) return read_handshake(content->bytes);
  // RFC 9846 6.1: what follows a close_notify is ignored.
  if (content->type == ContentType::alert) is_over_ = content->bytes.size() < 2 || content->bytes[1] == 0;
}

void ReceivedKeyUpdates::read_handshake(ByteView content) {
  append(messages_, content);
  ByteView rest = messages_;
  while (const auto message = dissect::take_message(rest)) {
    if (message->type == HandshakeType::finished) {
      const Secret secret = secret_of_other_end("TRAFFIC_SECRET_0");
      is_over_ = secret.empty();  // the Finished was not taken
      if (is_over_) return;
      opener_.emplace(*opening_, secret);
    }
    if (message->type == HandshakeType::key_update && message->body.size() == 1) {
      turns_.note_received(message->body[0] == 1 ? KeyUpdateAsks::yes : KeyUpdateAsks::no);
      opener_->update();
    }
  }
  messages_.erase(messages_.begin(), messages_.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

Secret ReceivedKeyUpdates::secret_of_other_end(std::string_view kind) const {
  return key_log_.find(std::string(role_ == stacks::Role::client ? "SERVER_" : "CLIENT_") + std::string(kind));
}

}  // namespace tocsin::harness
