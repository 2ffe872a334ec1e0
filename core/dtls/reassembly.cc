#include "core/dtls/reassembly.h"

#include <algorithm>

#include "core/base/release.h"
#include "core/base/writer.h"

namespace tocsin::dtls {

using wire::Fragment;
using wire::message_header_bytes;

Result<Done, Discarded> Reassembly::add(const Fragment& fragment, std::uint16_t epoch) {
  const wire::FragmentHeader& header = fragment.header;
  //= RFC 6347 4.2.2 //# If the sequence number is less than next_receive_seq, the message MUST be discarded.
  if (header.message_seq < next_) return Discarded{DiscardReason::message_from_the_past};
  const std::size_t index = header.message_seq - next_;
  //= RFC 6347 4.2.2 //# If the sequence number is greater than next_receive_seq, the implementation SHOULD
  if (index > messages_ahead_max_) return Discarded{DiscardReason::message_too_far_ahead};
  if (fragment.body.empty() && header.length_bytes != 0) return Discarded{DiscardReason::fragment_empty};
  if (index >= messages_.size() || !messages_[index].is_begun() || messages_[index].epoch < epoch)
    return begin(index, 0, fragment, epoch);
  Message& message = messages_[index];
  if (message.epoch > epoch) return Discarded{DiscardReason::fragment_inconsistent};
  const auto merged = merge(message, fragment);
  if (merged || epoch != 0 || message.restarts >= restarts_max_) return merged;
  return begin(index, message.restarts + 1, fragment, epoch);
}

Result<Done, Discarded> Reassembly::begin(std::size_t index, std::uint32_t restarts, const Fragment& fragment,
                                          std::uint16_t epoch) {
  const wire::FragmentHeader& header = fragment.header;
  const std::size_t needed_bytes = message_header_bytes + header.length_bytes;
  if (!make_room(index, needed_bytes)) return Discarded{DiscardReason::reassembly_full};
  if (index >= messages_.size()) messages_.resize(index + 1);
  Message& message = messages_[index] = {};
  message.epoch = epoch;
  message.restarts = restarts;
  message.bytes.reserve(needed_bytes);
  Writer out(message.bytes);
  out.u8(static_cast<std::uint8_t>(header.type));
  out.u24(header.length_bytes);
  message.bytes.resize(needed_bytes);
  message.missing_bytes = header.length_bytes;
  if (fragment.body.size() < header.length_bytes) message.have.resize((header.length_bytes + 7) / 8);
  return merge(message, fragment);
}

//= RFC 6347 4.2.3 //# it MUST buffer it until it has the entire handshake message.
//= RFC 6347 4.2.3 //# DTLS implementations MUST be able to handle overlapping fragment ranges.
Result<Done, Discarded> Reassembly::merge(Message& message, const Fragment& fragment) {
  const wire::FragmentHeader& header = fragment.header;
  if (message.bytes[0] != static_cast<std::uint8_t>(header.type) ||
      message.bytes.size() != message_header_bytes + header.length_bytes)
    return Discarded{DiscardReason::fragment_inconsistent};
  const std::size_t at = header.fragment_offset_bytes;
  const MutableBytes body = MutableBytes(message.bytes).subspan(message_header_bytes);
  if (fragment.body.size() == message.missing_bytes && message.missing_bytes == body.size()) {  // all of it at once
    std::ranges::copy(fragment.body, body.begin());
    message.missing_bytes = 0;
    release(message.have);
    return Done{};
  }
  for (std::size_t i = 0; i < fragment.body.size(); ++i)
    if (message.has(at + i) && body[at + i] != fragment.body[i]) return Discarded{DiscardReason::fragment_conflicting};
  for (std::size_t i = 0; i < fragment.body.size() && message.missing_bytes != 0; ++i) {
    if (message.has(at + i)) continue;
    body[at + i] = fragment.body[i];
    message.have[(at + i) / 8] = static_cast<std::uint8_t>(message.have[(at + i) / 8] | 1u << (at + i) % 8);
    --message.missing_bytes;
  }
  if (message.missing_bytes == 0) release(message.have);
  return Done{};
}

std::size_t Reassembly::held_bytes_from(std::size_t index) const {
  std::size_t held = 0;
  for (std::size_t i = index; i < messages_.size(); ++i) held += messages_[i].bytes.size();
  return held;
}

/// Lets go what comes behind the message, the last first, until there is room for it. Else a peer that sent messages ahead, or
/// whoever forged some, could keep the next one out for good.
bool Reassembly::make_room(std::size_t index, std::size_t needed_bytes) {
  const std::size_t behind_bytes = held_bytes_from(index + 1);
  const std::size_t own_bytes = index < messages_.size() ? messages_[index].bytes.size() : 0;
  std::size_t held = held_bytes() - own_bytes;
  if (held - behind_bytes + needed_bytes > bytes_max_) return false;
  for (; held + needed_bytes > bytes_max_; messages_.pop_back()) held -= messages_.back().bytes.size();
  return true;
}

std::optional<Reassembled> Reassembly::whole() const {
  if (messages_.empty() || !messages_[0].is_whole()) return std::nullopt;
  return Reassembled{static_cast<std::uint16_t>(next_), messages_[0].epoch, messages_[0].bytes};
}

void Reassembly::take() {
  messages_.erase(messages_.begin());
  ++next_;
  if (messages_.empty()) release(messages_);
}

}  // namespace tocsin::dtls
