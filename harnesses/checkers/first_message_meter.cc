#include "harnesses/checkers/first_message_meter.h"

#include <algorithm>

namespace tocsin::harness {

void FirstMessageMeter::take(ByteView received) {
  while (!received.empty()) {
    if (header_filled_bytes_ < header_.size()) {
      header_[header_filled_bytes_++] = received[0];
      received = received.subspan(1);
      fragment_left_bytes_ = static_cast<std::size_t>(header_[3]) << 8 | header_[4];
    }
    if (header_filled_bytes_ < header_.size()) continue;
    const std::size_t taken = std::min(fragment_left_bytes_, received.size());
    fragment_left_bytes_ -= taken;
    received = received.subspan(taken);
    if (fragment_left_bytes_ != 0) continue;
    if (static_cast<ContentType>(header_[0]) == ContentType::handshake)
      handshake_bytes_ += static_cast<std::size_t>(header_[3]) << 8 | header_[4];
    header_filled_bytes_ = 0;
  }
}

}  // namespace tocsin::harness
