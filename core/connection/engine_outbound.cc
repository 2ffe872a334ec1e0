// Carrying out the effects of a step: the only place where bytes for the peer are made.
#include <algorithm>

#include "core/connection/engine.h"

namespace tocsin {

using namespace handshake;

Result<Done> Engine::commit(Effects& effects, Output& out, std::size_t& delivered_bytes) {
  const std::size_t wire_bytes_before = out.to_peer.size();
  const bool was_protected = write_.has_value();
  ByteView pending;  // handshake messages that stand together share records
  const auto flush = [&]() -> Result<Done> {
    const ByteView content = std::exchange(pending, {});
    return content.empty() ? Result<Done>(Done{}) : send_content(ContentType::handshake, content, out.to_peer);
  };
  const auto carry_out = [&]<class E>(E& effect) -> Result<Done> {
    if constexpr (std::is_same_v<E, SendHandshake>) {
      const ByteView message = ByteView(effects.messages).subspan(effect.offset_bytes, effect.size_bytes);
      pending = pending.empty() ? message : ByteView(pending.data(), pending.size() + message.size());
    } else if constexpr (std::is_same_v<E, SendChangeCipherSpec>) {
      TOCSIN_TRY(flush());
      append(out.to_peer, record::make_header(ContentType::change_cipher_spec, 0x0303, 1));
      out.to_peer.push_back(1);
    } else if constexpr (std::is_same_v<E, SendAlert>) {
      TOCSIN_TRY(flush());
      return send_content(ContentType::alert, wire::encode({AlertLevel::warning, effect.description}), out.to_peer);
    } else if constexpr (std::is_same_v<E, SendApplicationData>) {
      TOCSIN_TRY(flush());
      INVARIANT(no_data_before_finished, established_of(state_) != nullptr);
      return send_content(ContentType::application_data, effect.data, out.to_peer);
    } else if constexpr (std::is_same_v<E, InstallWriteKeys>) {
      TOCSIN_TRY(flush());
      write_ = std::move(effect.sealer);
    } else if constexpr (std::is_same_v<E, InstallReadKeys>) {
      read_ = std::move(effect.opener);
    } else if constexpr (std::is_same_v<E, InstallWriteKeys12>) {
      TOCSIN_TRY(flush());
      write_.emplace(std::move(effect.protection));
    } else if constexpr (std::is_same_v<E, InstallReadKeys12>) {
      read_.emplace(std::move(effect.protection));
    } else if constexpr (std::is_same_v<E, LimitSentRecords>) {
      sent_inner_bytes_max_ = std::min(effect.inner_bytes_max, record::plaintext_bytes_max + 1);
    } else if constexpr (std::is_same_v<E, LimitReceivedRecords>) {
      received_inner_bytes_max_ = std::min(effect.inner_bytes_max, record::plaintext_bytes_max + 1);
    } else if constexpr (std::is_same_v<E, Deliver>) {
      INVARIANT(no_data_before_finished, established_of(state_) != nullptr);
      delivered_bytes = effect.size_bytes;
    } else if constexpr (std::is_same_v<E, Raise>) {
      out.events.push_back(effect.event);
    } else if constexpr (std::is_same_v<E, PendingSession>) {
      session_.take(effect);
    } else if constexpr (std::is_same_v<E, StoreSession>) {
      session_.take(*config_, effect);
    } else {
      static_assert(std::is_same_v<E, LogSecret>);
      config_->key_log(effect.line);
    }
    return Done{};
  };
  const auto carry_out_all = [&]() -> Result<Done> {
    INVARIANT(errors_are_sticky, !failure_);
    for (Effect& effect : effects.in_order) TOCSIN_TRY(std::visit(carry_out, effect));
    return flush();
  };
  Result<Done> done = carry_out_all();
  // If the cipher fails half way, a flight that was to bring the first keys is taken back, and the alert goes without them.
  // Under keys what was sealed stays, as its sequence numbers are spent, and so do new keys, as the peer is told of them (RFC
  // 8446 4.6.3).
  if (!done && !was_protected) {
    write_.reset();
    out.to_peer.resize(wire_bytes_before);
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

Result<Done> Engine::send_content(ContentType type, ByteView content, Bytes& wire) {
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
