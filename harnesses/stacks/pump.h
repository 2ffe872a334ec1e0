#pragma once
// Moves bytes between two ends in memory, in pieces and until both are silent.
#include <algorithm>

#include "harnesses/stacks/peer.h"

namespace tocsin::stacks {

/// Calls take(piece) for one piece of the bytes after another, until it gives false. next_piece_bytes_max(): the size of the
/// next piece; 0: all that is left. False if take gave false.
template <class NextPieceBytesMax, class Take>
bool each_piece_of(ByteView bytes, NextPieceBytesMax&& next_piece_bytes_max, Take&& take) {
  while (!bytes.empty()) {
    const std::size_t wanted_bytes = next_piece_bytes_max();
    const ByteView piece = wanted_bytes == 0 ? bytes : bytes.first(std::min(wanted_bytes, bytes.size()));
    if (!take(piece)) return false;
    bytes = bytes.subspan(piece.size());
  }
  return true;
}
/// The same with pieces of one size.
template <class Take>
bool each_piece(ByteView bytes, std::size_t piece_bytes_max, Take&& take) {
  return each_piece_of(
      bytes, [&] { return piece_bytes_max; }, take);
}

/// Calls up and down in turn until both say that they had nothing to carry.
template <class Up, class Down>
void until_silent(Up&& up, Down&& down) {
  for (bool is_carried = true; is_carried;) {
    is_carried = up();
    is_carried = down() || is_carried;
  }
}

/// Carries bytes between two peers until both are silent. Gives all that was carried, in order.
inline Bytes exchange(Peer& client, Peer& server) {
  Bytes carried;
  const auto carry = [&](Peer& from, Peer& to) {
    const Bytes sent = from.take_output();
    if (!sent.empty()) to.receive(sent);
    append(carried, sent);
    return !sent.empty();
  };
  until_silent([&] { return carry(client, server); }, [&] { return carry(server, client); });
  return carried;
}

}  // namespace tocsin::stacks
