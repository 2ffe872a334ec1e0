#include "harnesses/script/dtls12/received.h"

#include <algorithm>

namespace tocsin::script::dtls12 {

void ReceivedMessages::add(const dissect::FragmentView& fragment) {
  constexpr std::size_t header_bytes = dissect::MessageView::header_bytes;
  const bool is_whole =
      fragment.is_header_whole && fragment.is_whole() && fragment.offset_bytes + fragment.body.size() <= fragment.length_bytes;
  if (!is_whole || fragment.message_seq < next_) return;
  Begun& begun = begun_[fragment.message_seq];
  if (begun.bytes.size() != header_bytes + fragment.length_bytes) {
    begun = {Bytes(header_bytes + fragment.length_bytes), std::vector<bool>(fragment.length_bytes)};
    begun.bytes[0] = static_cast<std::uint8_t>(fragment.type);
    for (std::size_t i = 0; i < 3; ++i) begun.bytes[i + 1] = static_cast<std::uint8_t>(fragment.length_bytes >> (16 - 8 * i));
  }
  for (std::size_t i = 0; i < fragment.body.size(); ++i) {
    begun.bytes[header_bytes + fragment.offset_bytes + i] = fragment.body[i];
    begun.has[fragment.offset_bytes + i] = true;
  }
}

std::optional<Bytes> ReceivedMessages::take() {
  const auto found = begun_.find(next_);
  if (found == begun_.end() || std::ranges::find(found->second.has, false) != found->second.has.end()) return std::nullopt;
  Bytes message = std::move(found->second.bytes);
  begun_.erase(found);
  ++next_;
  return message;
}

}  // namespace tocsin::script::dtls12
