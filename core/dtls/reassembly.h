#pragma once
// Handshake messages out of the fragments in which they come, in whatever order (RFC 6347 sections 4.2.2 and 4.2.3).
#include <cstddef>
#include <optional>
#include <vector>

#include "core/wire/dtls/fragment.h"
#include "tocsin/limits.h"

namespace tocsin::dtls {

/// A whole message, valid until the Reassembly changes.
struct Reassembled {
  std::uint16_t message_seq;
  std::uint16_t epoch;  // of the records that brought it
  ByteView message;     // as in TLS: type and length, then the body

  ByteView body() const { return message.subspan(wire::message_header_bytes); }
};

class Reassembly {
 public:
  /// Of limits it keeps messages_ahead_max, reassembly_bytes_max and message_restarts_max. next_message_seq: what the first
  /// message must have.
  explicit Reassembly(const Limits& limits, std::uint16_t next_message_seq = 0)
      : messages_ahead_max_(limits.messages_ahead_max),
        bytes_max_(limits.reassembly_bytes_max),
        restarts_max_(limits.message_restarts_max),
        next_(next_message_seq) {}

  /// Takes a fragment as read_fragment gives it; one that brings nothing new is taken as well. What was taken stays as it is,
  /// but
  /// - a message under later keys displaces one of the same number under earlier ones;
  /// - a message that is due sooner displaces those behind it, if the limit leaves no room for both;
  /// - in epoch 0, where anybody can forge a fragment, one that conflicts with its message starts that over, as often as the
  ///   limit allows: what was forged would otherwise win because it came first.
  /// Reasons: message_from_the_past, message_too_far_ahead, fragment_empty, fragment_inconsistent, fragment_conflicting,
  /// reassembly_full.
  Result<Done, Discarded> add(const wire::Fragment& fragment, std::uint16_t epoch);

  /// The next message, if all of it is there.
  std::optional<Reassembled> whole() const;
  /// The message that whole() gives is done with; the one after it is the next.
  void take();

  /// The next message's number; 65536 if there can be none any more.
  std::uint32_t next_message_seq() const { return next_; }
  /// What the messages that were begun take, as long as they say they are.
  std::size_t held_bytes() const { return held_bytes_from(0); }

 private:
  struct Message {
    std::uint16_t epoch = 0;
    std::uint32_t restarts = 0;
    Bytes bytes;  // with the 4-byte header; empty: no fragment of it came yet
    Bytes have;   // bit i % 8 of byte i / 8: byte i of the body is there; empty once all of them are
    std::size_t missing_bytes = 0;

    bool is_begun() const { return !bytes.empty(); }
    bool is_whole() const { return is_begun() && missing_bytes == 0; }
    bool has(std::size_t i) const { return missing_bytes == 0 || (have[i / 8] >> i % 8 & 1) != 0; }
  };
  Result<Done, Discarded> begin(std::size_t index, std::uint32_t restarts, const wire::Fragment& fragment, std::uint16_t epoch);
  static Result<Done, Discarded> merge(Message& message, const wire::Fragment& fragment);
  std::size_t held_bytes_from(std::size_t index) const;
  bool make_room(std::size_t index, std::size_t needed_bytes);

  std::size_t messages_ahead_max_, bytes_max_;
  std::uint32_t restarts_max_;
  std::uint32_t next_;
  std::vector<Message> messages_;  // the next one, and those behind it
};

}  // namespace tocsin::dtls
