// The way of received bytes: inbox, record, content, message, handler.
#include <algorithm>

#include "core/base/append_sparingly.h"
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

Outcome Engine::drain(Now now, Output& out) {
  if (failure_) return *failure_;
  for (bool progressed = true; progressed && has_input();)
    TOCSIN_TRY(run(now, out, [&](Step& step) { return advance(step, progressed); }));
  erase_front(inbox_, std::exchange(inbox_taken_, 0));
  append(inbox_, std::exchange(arriving_, {}));
  // A ClientHello that waits for its configuration stays where it is: the state views it.
  if (waiting_client_hello() == nullptr) erase_front(messages_, std::exchange(messages_taken_, 0));
  // An idle connection holds no buffers.
  if (inbox_.empty()) release(inbox_);
  if (messages_.empty()) release(messages_);
  if (inbox_.empty()) return Done{};
  return run(out, [&](Step&) -> Outcome {
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

Outcome Engine::advance(Step& step, bool& progressed) {
  if (auto* received = std::get_if<server::RecvdClientHello>(&state_)) {
    progressed = server_config_ != nullptr;
    if (!progressed) return Done{};
    TOCSIN_TRY_SET(State next, widen(server::choose(std::move(*received), server_config_, context(step.now), step.effects)));
    TOCSIN_TRY(enter(std::move(next), step.effects));
    return Done{};
  }
  TOCSIN_TRY_SET(const std::optional<ByteView> message, next_message());
  if (message) return take_message(*message, step);
  return take_record(step, progressed);
}

Result<std::optional<ByteView>> Engine::next_message() const {
  const ByteView rest = ByteView(messages_).subspan(messages_taken_);
  if (rest.size() < 4) return std::optional<ByteView>{};
  // Refused on the header alone: what is not wanted need not be collected first.
  const std::size_t body_bytes = Reader(rest.subspan(1)).u24();
  TOCSIN_TRY(admit(static_cast<HandshakeType>(rest[0]), body_bytes));
  if (rest.size() - 4 < body_bytes) return std::optional<ByteView>{};
  return std::optional<ByteView>{rest.first(4 + body_bytes)};
}

Outcome Engine::take_message(ByteView message, Step& step) {
  messages_taken_ += message.size();
  TOCSIN_TRY_SET(State next, handle({message}, step));
  TOCSIN_TRY(enter(std::move(next), step.effects));
  return Done{};
}

Result<Done> Engine::enter(State next, const Effects& effects) {
  // RFC 9846 5.1: a message after which the keys change ends its record.
  for (const Effect& effect : effects.in_order)
    //= RFC 9846 5.1 //# Handshake messages MUST NOT span key changes.
    //= RFC 9846 5.1 //# Implementations MUST verify that all messages immediately preceding a key change align
    if (std::holds_alternative<handshake::tls13::InstallReadKeys>(effect) && messages_taken_ != messages_.size())
      return Fatal{Reason::message_spans_key_change};
  state_ = std::move(next);
  return Done{};
}

Outcome Engine::take_record(Step& step, bool& progressed) {
  progressed = false;
  if (closed_by_peer_) {
    inbox_taken_ = inbox_.size();  // more than a record, if it came before the configuration for the ClientHello
    arriving_ = {};
    return Done{};
  }
  const std::optional<ByteView> header_seen = peek(record::header_bytes);
  if (!header_seen) return Done{};
  TOCSIN_TRY_SET(const record::Header header,
                 record::parse_header(header_seen->first<record::header_bytes>(), fragment_bytes_max_of((*header_seen)[0])));
  const std::optional<ByteView> record = peek(record::header_bytes + header.length_bytes);
  if (!record) return Done{};
  progressed = true;
  TOCSIN_TRY(take_fragment(header, *record, step));
  consume(record->size());
  return Done{};
}

/// A record of rejected early data is protected, though nobody here has its keys.
std::size_t Engine::fragment_bytes_max_of(std::uint8_t type) const {
  const bool may_be_early_data = type == static_cast<std::uint8_t>(ContentType::application_data) && skips_early_data(state_);
  return read_ || may_be_early_data ? record::ciphertext_bytes_max : received_plaintext_bytes_max_;
}

Outcome Engine::take_fragment(const record::Header& header, ByteView record, Step& step) {
  const ByteView fragment = record.subspan(record::header_bytes);
  if (read_ && read_->is_tls12()) return take_protected(record, step);
  if (header.type == ContentType::change_cipher_spec) return take_change_cipher_spec(fragment, step);
  if (read_) {
    if (header.type == ContentType::application_data) return take_protected(record, step);
    if (!may_be_plaintext_alert(header.type)) return Fatal{Reason::record_unprotected};
  } else if (header.type == ContentType::application_data && skips_early_data(state_)) {
    return skip_early_data(fragment.size());
  }
  return take_content(header.type, fragment, step);
}

bool Engine::may_be_plaintext_alert(ContentType type) const {
  return type == ContentType::alert && traits_of(state_).awaits_answer_to_flight && read_->records_opened() == 0;
}

Outcome Engine::take_protected(ByteView record, Step& step) {
  const MutableBytes inner = step.room.lend(read_->inner_bytes_of(record));
  const Result<record::Opened> opened = read_->open(record, received_inner_bytes_max_, inner);
  if (opened) return take_content(opened->type, inner.first(opened->content_bytes), step);
  // RFC 9846 4.3.10: rejected early data is under keys that nobody here has, and stands before the first record that opens.
  if (opened.error().why == Reason::record_bad_mac && skips_early_data(state_) && read_->records_opened() == 0)
    return skip_early_data(record.size() - record::header_bytes);
  return opened.error();
}

//= RFC 9846 4.3.10 //# A server which receives an "early_data" extension MUST behave in one of three ways:
Outcome Engine::skip_early_data(std::size_t size_bytes) {
  early_data_skipped_bytes_ += size_bytes;
  if (early_data_skipped_bytes_ > limits_.early_data_skipped_bytes_max) return Fatal{Reason::early_data_too_long};
  return Done{};
}

Outcome Engine::take_content(ContentType type, ByteView content, Step& step) {
  //= RFC 9846 5.1 //# Handshake messages MUST NOT be interleaved with other record types.
  //= RFC 9846 5.1 //# there MUST NOT be any other records between them.
  if (type != ContentType::handshake && messages_taken_ != messages_.size()) return Fatal{Reason::message_interleaved};
  switch (type) {
    case ContentType::handshake:
      if (content.empty()) return Fatal{Reason::record_empty};
      erase_front(messages_, std::exchange(messages_taken_, 0));
      append_sparingly(messages_, content, record::plaintext_bytes_max);
      return Done{};
    case ContentType::alert:
      return take_alert(content, step.effects);
    case ContentType::application_data:
      return take_application_data(content, step);
    case ContentType::change_cipher_spec:
      break;  // taken before, unless it is protected, which is possible in TLS 1.2 and would be a renegotiation
  }
  return Fatal{Reason::change_cipher_spec_unexpected};
}

Outcome Engine::take_application_data(ByteView content, Step& step) {
  if (established() == nullptr) return Fatal{Reason::record_early_application_data};
  if (content.empty()) {
    if (++empty_records_ > limits_.empty_records_max) return Fatal{Reason::empty_records_too_many};
    return Done{};
  }
  empty_records_ = 0;
  deliver(content.size(), step.effects);
  return Done{};
}

//= RFC 9846 5 //# and MUST simply drop it without further processing.
Outcome Engine::take_change_cipher_spec(ByteView content, Step& step) {
  const bool is_expected = expects_change_cipher_spec(state_);
  if (!is_expected && !tolerates_change_cipher_spec(state_)) return Fatal{Reason::change_cipher_spec_unexpected};
  if (messages_taken_ != messages_.size()) return Fatal{Reason::message_interleaved};
  TOCSIN_TRY(wire::decode_change_cipher_spec(content));
  if (is_expected) {
    TOCSIN_TRY_SET(State next, dispatch_change_cipher_spec(std::move(state_), context(step.now), step.effects));
    TOCSIN_TRY(enter(std::move(next), step.effects));
  } else if (++change_cipher_specs_ > limits_.change_cipher_specs_max) {
    return Fatal{Reason::change_cipher_spec_too_many};
  }
  return Done{};
}

}  // namespace tocsin
