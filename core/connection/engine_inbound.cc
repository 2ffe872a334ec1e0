// The way of received bytes: inbox, record, content, message, handler.
#include <algorithm>

#include "core/base/release.h"
#include "core/connection/engine.h"

namespace tocsin {

using namespace handshake;

namespace {
void erase_front(Bytes& bytes, std::size_t size_bytes) {
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size_bytes));
}
}  // namespace

/// The next bytes of the input, or nothing if they have not all come. Bytes that stand together where they came are not copied.
std::optional<ByteView> Engine::peek(std::size_t size_bytes) {
  if (inbox_taken_ == inbox_.size()) {
    if (arriving_.size() >= size_bytes) return arriving_.first(size_bytes);
    return std::nullopt;
  }
  const std::size_t kept_bytes = inbox_.size() - inbox_taken_;
  if (kept_bytes < size_bytes) {
    const ByteView more = arriving_.first(std::min(arriving_.size(), size_bytes - kept_bytes));
    append(inbox_, more);
    arriving_ = arriving_.subspan(more.size());
  }
  if (inbox_.size() - inbox_taken_ < size_bytes) return std::nullopt;
  return ByteView(inbox_).subspan(inbox_taken_, size_bytes);
}

/// Takes what peek has shown.
void Engine::consume(std::size_t size_bytes) {
  if (inbox_taken_ == inbox_.size()) {
    arriving_ = arriving_.subspan(size_bytes);
  } else {
    inbox_taken_ += size_bytes;
  }
}

Outcome Engine::drain(Output& out) {
  if (failure_) return *failure_;
  for (bool progressed = true; progressed && has_input();)
    TOCSIN_TRY(run(out, [&](Effects& effects) { return advance(effects, progressed); }));
  erase_front(inbox_, std::exchange(inbox_taken_, 0));
  append(inbox_, std::exchange(arriving_, {}));
  erase_front(messages_, std::exchange(messages_taken_, 0));
  // An idle connection holds no buffers.
  if (inbox_.empty()) release(inbox_);
  if (messages_.empty()) release(messages_);
  if (inbox_.empty()) return Done{};
  return run(out, [&](Effects&) -> Outcome {
    // While a ClientHello waits for its configuration the inbox is as long as the caller made it.
    INVARIANT(memory_is_bounded,
              waiting_client_hello() != nullptr || inbox_.size() < record::header_bytes + record::ciphertext_bytes_max);
    return Done{};
  });
}

bool Engine::has_input() const {
  return !arriving_.empty() || inbox_taken_ != inbox_.size() || messages_taken_ != messages_.size() ||
         waiting_client_hello() != nullptr;
}

Outcome Engine::advance(Effects& effects, bool& progressed) {
  if (auto* received = std::get_if<server::RecvdClientHello>(&state_)) {
    progressed = server_config_ != nullptr;
    if (!progressed) return Done{};
    TOCSIN_TRY_SET(State next, widen(server::choose(std::move(*received), server_config_, server_now_, effects)));
    TOCSIN_TRY(enter(std::move(next), effects));
    return Done{};
  }
  TOCSIN_TRY_SET(const std::optional<ByteView> message, next_message());
  if (message) return take_message(*message, effects);
  return take_record(effects, progressed);
}

Result<std::optional<ByteView>> Engine::next_message() const {
  const ByteView rest = ByteView(messages_).subspan(messages_taken_);
  if (rest.size() < 4) return std::optional<ByteView>{};
  // Refused on the header alone: what is not wanted need not be collected first.
  const auto type = static_cast<HandshakeType>(rest[0]);
  if (!expects(state_, type)) return Fatal{Reason::message_unexpected};
  const std::size_t body_bytes = Reader(rest.subspan(1)).u24();
  if (body_bytes > message_bytes_max(limits_, type)) return Fatal{Reason::message_too_long};
  if (rest.size() - 4 < body_bytes) return std::optional<ByteView>{};
  return std::optional<ByteView>{rest.first(4 + body_bytes)};
}

Outcome Engine::take_message(ByteView message, Effects& effects) {
  messages_taken_ += message.size();
  if (established() != nullptr && ++post_handshake_messages_ > limits_.post_handshake_messages_max)
    return Fatal{Reason::post_handshake_messages_too_many};
  TOCSIN_TRY_SET(State next, dispatch(std::move(state_), message, effects));
  TOCSIN_TRY(enter(std::move(next), effects));
  return Done{};
}

Result<Done> Engine::enter(State next, const Effects& effects) {
  // RFC 8446 5.1: a message after which the keys change ends its record.
  for (const Effect& effect : effects.in_order)
    if (std::holds_alternative<InstallReadKeys>(effect) && messages_taken_ != messages_.size())
      return Fatal{Reason::message_spans_key_change};
  state_ = std::move(next);
  return Done{};
}

Outcome Engine::take_record(Effects& effects, bool& progressed) {
  progressed = false;
  if (closed_by_peer_) {
    inbox_taken_ = inbox_.size();
    arriving_ = {};
    return Done{};
  }
  const std::optional<ByteView> header_seen = peek(record::header_bytes);
  if (!header_seen) return Done{};
  TOCSIN_TRY_SET(const record::Header header,
                 record::parse_header(header_seen->first<record::header_bytes>(),
                                      read_ ? record::ciphertext_bytes_max : record::plaintext_bytes_max));
  const std::optional<ByteView> record = peek(record::header_bytes + header.length_bytes);
  if (!record) return Done{};
  progressed = true;
  TOCSIN_TRY(take_fragment(header, *record, effects));
  consume(record->size());
  return Done{};
}

Outcome Engine::take_fragment(const record::Header& header, ByteView record, Effects& effects) {
  const ByteView fragment = record.subspan(record::header_bytes);
  if (read_ && read_->is_tls12()) return take_protected(record, effects);
  if (header.type == ContentType::change_cipher_spec) return take_change_cipher_spec(fragment, effects);
  if (read_) {
    if (header.type == ContentType::application_data) return take_protected(record, effects);
    if (!may_be_plaintext_alert(header.type)) return Fatal{Reason::record_unprotected};
  } else if (header.type == ContentType::application_data && skips_early_data(state_)) {
    return skip_early_data(fragment.size());
  }
  return take_content(header.type, fragment, effects);
}

bool Engine::may_be_plaintext_alert(ContentType type) const {
  return type == ContentType::alert && waits_for_answer_to_flight(state_) && read_->records_opened() == 0;
}

Outcome Engine::take_protected(ByteView record, Effects& effects) {
  const std::size_t begin = effects.opened.size();
  effects.opened.resize(begin + read_->inner_bytes_of(record));
  const MutableBytes inner = MutableBytes(effects.opened).subspan(begin);
  const Result<record::Opened> opened = read_->open(record, received_inner_bytes_max_, inner);
  if (opened) return take_content(opened->type, inner.first(opened->content_bytes), effects);
  // RFC 8446 4.2.10: rejected early data is under keys that nobody here has, and stands before the first record that opens.
  if (opened.error().why == Reason::record_bad_mac && skips_early_data(state_) && read_->records_opened() == 0)
    return skip_early_data(record.size() - record::header_bytes);
  return opened.error();
}

Outcome Engine::skip_early_data(std::size_t size_bytes) {
  early_data_skipped_bytes_ += size_bytes;
  if (early_data_skipped_bytes_ > limits_.early_data_skipped_bytes_max) return Fatal{Reason::early_data_too_long};
  return Done{};
}

Outcome Engine::take_content(ContentType type, ByteView content, Effects& effects) {
  if (type != ContentType::handshake && messages_taken_ != messages_.size()) return Fatal{Reason::message_interleaved};
  switch (type) {
    case ContentType::handshake:
      if (content.empty()) return Fatal{Reason::record_empty};
      erase_front(messages_, std::exchange(messages_taken_, 0));
      append(messages_, content);
      return Done{};
    case ContentType::alert:
      return take_alert(content, effects);
    case ContentType::application_data:
      return take_application_data(content, effects);
    case ContentType::change_cipher_spec:
      break;  // taken before, unless it is protected, which is possible in TLS 1.2 and would be a renegotiation
  }
  return Fatal{Reason::change_cipher_spec_unexpected};
}

Outcome Engine::take_alert(ByteView content, Effects& effects) {
  if (content.empty()) return Fatal{Reason::record_empty};
  TOCSIN_TRY_SET(const wire::Alert alert, wire::decode_alert(content));
  const bool is_warning = alert.level == AlertLevel::warning && alert.description != AlertDescription::close_notify;
  if (alert.description == AlertDescription::user_canceled ||  // RFC 8446 6.1: a close_notify follows
      (is_warning && heeds_alert_levels(state_))) {
    if (++warning_alerts_ > limits_.warning_alerts_max) return Fatal{Reason::alert_warnings_too_many};
    return Done{};
  }
  if (alert.description != AlertDescription::close_notify || established() == nullptr) return PeerAlert{alert.description};
  closed_by_peer_ = true;
  effects.add(Raise{Event::peer_closed});
  return Done{};
}

Outcome Engine::take_application_data(ByteView content, Effects& effects) {
  if (established() == nullptr) return Fatal{Reason::record_early_application_data};
  if (content.empty()) {
    if (++empty_records_ > limits_.empty_records_max) return Fatal{Reason::empty_records_too_many};
    return Done{};
  }
  empty_records_ = post_handshake_messages_ = 0;
  effects.add(Deliver{content.size()});
  return Done{};
}

Outcome Engine::take_change_cipher_spec(ByteView content, Effects& effects) {
  const bool is_expected = expects_change_cipher_spec(state_);
  if (!is_expected && !tolerates_change_cipher_spec(state_)) return Fatal{Reason::change_cipher_spec_unexpected};
  if (messages_taken_ != messages_.size()) return Fatal{Reason::message_interleaved};
  TOCSIN_TRY(wire::decode_change_cipher_spec(content));
  if (is_expected) {
    TOCSIN_TRY_SET(State next, dispatch_change_cipher_spec(std::move(state_), effects));
    TOCSIN_TRY(enter(std::move(next), effects));
  } else if (++change_cipher_specs_ > limits_.change_cipher_specs_max) {
    return Fatal{Reason::change_cipher_spec_too_many};
  }
  return Done{};
}

}  // namespace tocsin
