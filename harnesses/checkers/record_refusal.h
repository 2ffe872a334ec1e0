#pragma once
// A protected record that is not what it should be.
#include "core/record/tls13/protection.h"

namespace tocsin::harness {

inline constexpr std::size_t inner_bytes_max = record::plaintext_bytes_max + 1;

/// flip: bits of one byte, the one with this bit; 0: the record is authentic, but it is not its turn. It must be refused, and
/// the next one still open. The record is again as it was afterwards. room: for what it would have held, kept for the next
/// call.
void require_refusal(record::Opener& opener, Bytes& record, std::uint8_t flip, std::size_t bit, Bytes& room);

}  // namespace tocsin::harness
