#pragma once
// A reassembly that keeps every byte by its number, and so cannot be wrong, only slow.
#include <map>
#include <optional>

#include "core/wire/dtls/fragment.h"
#include "tocsin/limits.h"

namespace tocsin::harness {

class ModelReassembly {
 public:
  explicit ModelReassembly(const Limits& limits) : limits_(limits) {}

  /// Why the fragment is discarded; nothing if it is taken.
  std::optional<DiscardReason> add(const wire::Fragment& fragment, std::uint16_t epoch);
  /// The next message with its 4-byte header, if all of it is there.
  std::optional<Bytes> whole() const;
  /// Of that one, whole or not.
  std::optional<std::uint16_t> epoch() const;
  void take() { messages_.erase(next_++); }
  std::uint32_t next() const { return next_; }
  std::size_t held_bytes() const { return held_bytes_before(0x10000); }

 private:
  struct Message {
    std::uint16_t epoch;
    HandshakeType type;
    std::uint32_t length_bytes;
    std::map<std::uint32_t, std::uint8_t> bytes;
    std::uint32_t restarts;
  };
  std::size_t held_bytes_before(std::uint32_t message_seq) const;
  static std::optional<DiscardReason> conflict_of(const Message& message, const wire::Fragment& fragment);

  Limits limits_;
  std::uint32_t next_ = 0;
  std::map<std::uint32_t, Message> messages_;
};

}  // namespace tocsin::harness
