// Carrying out the effects of a step: the only place where bytes for the peer are made.
#include <algorithm>

#include "core/connection/engine.h"

namespace tocsin {

using namespace handshake;

/// One overload for each effect, here or in CommonCommit.
class Engine::Commit : public CommonCommit {
 public:
  using CommonCommit::CommonCommit;
  using CommonCommit::operator();

  Result<Done> operator()(const SendHandshake& message) {
    const ByteView bytes = ByteView(step_.effects.messages).subspan(message.offset_bytes, message.size_bytes);
    pending_ = pending_.empty() ? bytes : ByteView(pending_.data(), pending_.size() + bytes.size());
    return Done{};
  }
  Result<Done> operator()(const SendChangeCipherSpec&) {
    TOCSIN_TRY(flush());
    append(out_.to_peer, record::make_header(ContentType::change_cipher_spec, 0x0303, 1));
    out_.to_peer.push_back(1);
    return Done{};
  }
  Result<Done> operator()(const SendAlert& alert) {
    TOCSIN_TRY(flush());
    return to_.seal(ContentType::alert, wire::encode({AlertLevel::warning, alert.description}), out_);
  }
  Result<Done> operator()(const SendApplicationData& sent) {
    TOCSIN_TRY(flush());
    TOCSIN_TRY(check_application_data());
    return to_.seal(ContentType::application_data, sent.data, out_);
  }
  Result<Done> operator()(handshake::tls13::InstallWriteKeys& keys) {
    TOCSIN_TRY(flush());
    to_.write_ = std::move(keys.sealer);
    return Done{};
  }
  Result<Done> operator()(handshake::tls13::InstallReadKeys& keys) {
    to_.read_ = std::move(keys.opener);
    return Done{};
  }
  Result<Done> operator()(handshake::tls12::InstallWriteKeys& keys) {
    TOCSIN_TRY(flush());
    to_.write_.emplace(std::move(keys.protection));
    return Done{};
  }
  Result<Done> operator()(handshake::tls12::InstallReadKeys& keys) {
    to_.read_.emplace(std::move(keys.protection));
    return Done{};
  }
  Result<Done> operator()(const Deliver& received) {
    TOCSIN_TRY(check_application_data());
    step_.room.deliver(received.size_bytes);
    return Done{};
  }

  /// Seals the handshake messages that wait: those that stand together share records.
  Result<Done> flush() {
    const ByteView content = std::exchange(pending_, {});
    return content.empty() ? Result<Done>(Done{}) : to_.seal(ContentType::handshake, content, out_);
  }

 private:
  ByteView pending_;
};

Result<Done> Engine::commit(Step& step, Output& out) {
  const std::size_t sent_bytes_before = out.to_peer.size();
  const bool was_protected = write_.has_value();
  Commit commit(*this, step, out);
  Result<Done> done = carry_out(step.effects, commit);
  if (done) done = commit.flush();
  // If the cipher fails half way, a flight that was to bring the first keys is taken back, and the alert goes without them.
  // Under keys what was sealed stays, as its sequence numbers are spent, and so do new keys, as the peer is told of them (RFC
  // 8446 4.6.3).
  if (!done && !was_protected) {
    write_.reset();
    out.to_peer.resize(sent_bytes_before);
  }
  return done;
}

std::size_t Engine::fragment_bytes_max() const {
  return write_ ? sent_inner_bytes_max_ - 1 : record::plaintext_bytes_max;  // RFC 8449 counts the type byte
}

std::size_t Engine::padding_for(std::size_t content_bytes) const {
  if (!config_ || (write_ && write_->is_tls12())) return 0;
  return record::zeros_to_block(content_bytes, config_->padding_block_bytes, fragment_bytes_max());
}

Result<Done> Engine::seal(ContentType type, ByteView content, Output& out) {
  Bytes& wire = out.to_peer;
  // RFC 8446 5.1: 0x0301 in the initial ClientHello only, for the sake of old middleboxes.
  const bool initial = type == ContentType::handshake && std::holds_alternative<client::WaitServerHello>(state_);
  while (!content.empty()) {
    const ByteView fragment = content.first(std::min(content.size(), fragment_bytes_max()));
    const std::size_t begin = wire.size();
    content = content.subspan(fragment.size());
    if (write_) {
      TOCSIN_TRY(write_->seal(type, fragment, padding_for(fragment.size()), wire));
    } else {
      append(wire, record::make_header(type, initial ? 0x0301 : 0x0303, fragment.size()));
      append(wire, fragment);
    }
    INVARIANT(records_are_well_formed, wire.size() - begin <= record::header_bytes + record::ciphertext_bytes_max);
  }
  return Done{};
}

}  // namespace tocsin
