#pragma once
// A handshake message through decoder, encoder and decoder: what both targets of messages ask of it.
#include "harnesses/checkers/message_comparison.h"
#include "harnesses/dissect/registries.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

/// What the header of a message can say of its body (RFC 9846 4). What is longer is none, and no decoder is ever given it.
inline constexpr std::size_t message_body_bytes_max = 0xffffff;

/// Rules: what a target knows of its messages. encode(message, out); has_legal_lengths(message); is_canonical_form(type,
/// encoded, body), of bytes; is_same(a, b), of messages.
template <class Rules, HandshakeType type, auto decode>
void check_round_trip(ByteView body) {
  if (body.size() > message_body_bytes_max) return;
  emit([&] { return CallEvent{"decoder", dissect::handshake_types.find(static_cast<std::uint8_t>(type)), body}; });
  const auto decoded = decode(body);
  if (!decoded) return check_refusal(decoded.error());
  if (!Rules::has_legal_lengths(*decoded)) finding("a message was decoded whose lengths RFC 9846 forbids");
  Bytes once, twice;
  Writer out(once), out_again(twice);
  Rules::encode(*decoded, out);
  emit([&] { return PayloadEvent{"encoder", PayloadEvent::Direction::sent, 22, false, once}; });
  Reader message(once);
  if (out.overflowed() || message.u8() != static_cast<std::uint8_t>(type) || message.u24() != message.size())
    finding("the header of an encoded message is wrong");
  const ByteView canonical = message.take(message.size());
  if (!Rules::is_canonical_form(type, canonical, body)) finding("an encoded message is not the one that was decoded");
  const auto again = decode(canonical);
  if (!again || !Rules::is_same(*decoded, *again)) finding("an encoded message decodes to another, or not at all");
  Rules::encode(*again, out_again);
  check(Invariant::same_input_same_output, once == twice, "one message was encoded in two ways");
}

}  // namespace tocsin::harness
