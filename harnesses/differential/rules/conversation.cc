// What conversations of every version have in common.
#include "harnesses/differential/rules/conversation.h"

#include <algorithm>
#include <utility>

#include "harnesses/differential/rules/tls12_conversation.h"
#include "harnesses/differential/rules/tls13_conversation.h"

namespace tocsin::rules {
namespace {

std::size_t body_bytes_of(ByteView message) {
  return std::size_t{message[1]} << 16 | std::size_t{message[2]} << 8 | std::size_t{message[3]};
}

}  // namespace

ProtocolVersion version_with(const stacks::PeerConfig& judged) {
  return stacks::speaks(judged, ProtocolVersion::tls13) ? ProtocolVersion::tls13 : ProtocolVersion::tls12;
}

std::unique_ptr<Conversation> make_conversation(ConversationSetup setup) {
  if (version_with(setup.config) == ProtocolVersion::tls13) return std::make_unique<tls13::Conversation>(std::move(setup));
  return std::make_unique<tls12::Conversation>(std::move(setup));
}

bool Conversation::is_honest(ByteView message) const {
  return std::ranges::any_of(honest_, [&](const Bytes& one) { return std::ranges::equal(one, message); });
}

bool Conversation::is_begun_honestly() const {
  return std::ranges::any_of(honest_, [&](const Bytes& one) {
    return one.size() >= partial_.size() && std::equal(partial_.begin(), partial_.end(), one.begin());
  });
}

bool Conversation::must_be_refused() const {
  return std::ranges::any_of(
      faults_, [](const Fault& fault) { return row_of(fault.rule).level == Level::must_refuse && !fault.may_pass; });
}

bool Conversation::is_beyond_limits() const {
  return std::ranges::any_of(
      faults_, [](const Fault& fault) { return fault.rule == Rule::limit_of_its_own || fault.rule == Rule::alerts_repeated; });
}

Reading Conversation::reading() const {
  Reading reading{faults_, version_};
  reading.faults.insert(reading.faults.end(), early_.begin(), early_.end());
  return reading;
}

void Conversation::add(Rule rule, std::string path, std::size_t offset) {
  const bool is_known = std::ranges::any_of(faults_, [&](const Fault& one) { return one.rule == rule; });
  if (!is_known) faults_.push_back({rule, std::move(path), offset});
}

void Conversation::count(std::size_t& counter, std::size_t limit) {
  if (++counter > limit) add(Rule::limit_of_its_own, "TLSPlaintext");
}

void Conversation::pay_for_messages(std::size_t data_bytes) {
  const std::size_t price_bytes = setup_.limits.post_handshake_data_bytes;
  unspent_data_bytes_ += data_bytes;
  for (; post_handshake_messages_ > 0 && unspent_data_bytes_ >= price_bytes; --post_handshake_messages_)
    unspent_data_bytes_ -= price_bytes;
  if (post_handshake_messages_ == 0) unspent_data_bytes_ = 0;
}

void Conversation::take_record(ContentType type, ByteView content, std::size_t padding_bytes, Protection protection) {
  if (is_answer_awaited_) is_sure_ = false;
  if (is_over()) return void(is_more_behind_ = true);
  if (is_closed_) return add(Rule::data_after_close_notify, "TLSPlaintext");
  // Whoever has seen that a message may not come now need not wait for the rest of it; of its length it has said by now what it
  // has to say.
  if (std::exchange(is_early_judged_, false))
    std::erase_if(
        early_, [](const Fault& fault) { return fault.rule == Rule::message_syntax || fault.rule == Rule::limit_of_its_own; });
  take_content(type, content, padding_bytes, protection);
}

void Conversation::take_handshake(ByteView content) {
  if (content.empty()) add(Rule::handshake_record_empty, "TLSPlaintext.length");
  early_.clear();
  is_in_pieces_ = !partial_.empty();
  append(partial_, content);
  while (!partial_.empty() && !is_over()) {
    const std::uint8_t type = partial_[0];
    const auto wrong = rule_of_order(type);
    const bool is_whole = partial_.size() >= header_bytes && partial_.size() - header_bytes >= body_bytes_of(partial_);
    if (!is_whole) {
      for (const auto rule : {wrong, rule_of_begun(type)})
        if (rule) early_.push_back({*rule, "Handshake.msg_type", 0, true});
      if (!is_begun_honestly())
        for (const Rule rule : {Rule::message_syntax, Rule::limit_of_its_own})
          early_.push_back({rule, "Handshake.length", 1, true});
      return;
    }
    if (wrong) {
      is_more_behind_ = partial_.size() - header_bytes > body_bytes_of(partial_);
      return add(*wrong, "Handshake.msg_type");
    }
    const Bytes message(partial_.begin(),
                        partial_.begin() + static_cast<std::ptrdiff_t>(header_bytes + body_bytes_of(partial_)));
    partial_.erase(partial_.begin(), partial_.begin() + static_cast<std::ptrdiff_t>(message.size()));
    take_message(type, message);
    is_in_pieces_ = false;
  }
  is_more_behind_ = is_more_behind_ || !partial_.empty();
}

}  // namespace tocsin::rules
