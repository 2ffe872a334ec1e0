#include "harnesses/models/reassembly.h"

#include <iterator>

#include "core/base/writer.h"

namespace tocsin::harness {
namespace {

std::size_t cost_bytes(std::uint32_t length_bytes) { return wire::message_header_bytes + length_bytes; }

}  // namespace

std::optional<DiscardReason> ModelReassembly::add(const wire::Fragment& fragment, std::uint16_t epoch) {
  const wire::FragmentHeader& header = fragment.header;
  const std::uint32_t message_seq = header.message_seq;
  if (message_seq < next_) return DiscardReason::message_from_the_past;
  if (message_seq - next_ > limits_.messages_ahead_max) return DiscardReason::message_too_far_ahead;
  if (fragment.body.empty() && header.length_bytes != 0) return DiscardReason::fragment_empty;
  auto found = messages_.find(message_seq);
  if (found != messages_.end() && found->second.epoch > epoch) return DiscardReason::fragment_inconsistent;
  const bool is_conflict = found != messages_.end() && found->second.epoch == epoch && conflict_of(found->second, fragment);
  const bool starts_over = is_conflict && epoch == 0 && found->second.restarts < limits_.message_restarts_max;
  if (found == messages_.end() || found->second.epoch < epoch || starts_over) {
    const std::uint32_t restarts = starts_over ? found->second.restarts + 1 : 0;
    const std::size_t needed_bytes = cost_bytes(header.length_bytes);
    if (held_bytes_before(message_seq) + needed_bytes > limits_.reassembly_bytes_max) return DiscardReason::reassembly_full;
    messages_.erase(message_seq);
    while (held_bytes() + needed_bytes > limits_.reassembly_bytes_max) messages_.erase(std::prev(messages_.end()));
    found = messages_.emplace(message_seq, Message{epoch, header.type, header.length_bytes, {}, restarts}).first;
  }
  if (const auto why = conflict_of(found->second, fragment)) return why;
  for (std::uint32_t i = 0; i < fragment.body.size(); ++i)
    found->second.bytes[header.fragment_offset_bytes + i] = fragment.body[i];
  return std::nullopt;
}

std::optional<DiscardReason> ModelReassembly::conflict_of(const Message& message, const wire::Fragment& fragment) {
  if (message.type != fragment.header.type || message.length_bytes != fragment.header.length_bytes)
    return DiscardReason::fragment_inconsistent;
  for (std::uint32_t i = 0; i < fragment.body.size(); ++i) {
    const auto byte = message.bytes.find(fragment.header.fragment_offset_bytes + i);
    if (byte != message.bytes.end() && byte->second != fragment.body[i]) return DiscardReason::fragment_conflicting;
  }
  return std::nullopt;
}

std::optional<Bytes> ModelReassembly::whole() const {
  const auto found = messages_.find(next_);
  if (found == messages_.end() || found->second.bytes.size() != found->second.length_bytes) return std::nullopt;
  Bytes message;
  Writer out(message);
  out.u8(static_cast<std::uint8_t>(found->second.type));
  out.u24(found->second.length_bytes);
  for (const auto& [at, byte] : found->second.bytes) out.u8(byte);
  return message;
}

std::optional<std::uint16_t> ModelReassembly::epoch() const {
  const auto found = messages_.find(next_);
  return found == messages_.end() ? std::nullopt : std::optional(found->second.epoch);
}

std::size_t ModelReassembly::held_bytes_before(std::uint32_t message_seq) const {
  std::size_t held = 0;
  for (const auto& [number, message] : messages_)
    if (number < message_seq) held += cost_bytes(message.length_bytes);
  return held;
}

}  // namespace tocsin::harness
