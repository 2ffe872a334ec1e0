#pragma once
// Datagrams that come to a Listener out of place: any bytes, and what a client of a former association has sent.
#include <array>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::harness {

/// What was captured of a former association. The last two never arrived.
enum class Replayed : std::uint8_t { hello, hello_with_cookie, finished, application_data, close_notify };
using ReplayedDatagrams = std::array<Bytes, 5>;

inline constexpr std::size_t listen_addresses = 3;

/// A stray, or a silence.
struct Stray {
  std::size_t from = 0;  // below listen_addresses
  std::int64_t waits_ms = 0;
  bool is_datagram = true;  // else time passes, and nothing else
  bool is_amid = false;     // it comes amid the honest handshake from its address, and not before all of them
  Bytes datagram;
};

/// The body is a list of these, each with a head: bits 0 and 1 the address, modulo 3; bits 2 to 4 what it is:
///   0, 1  bytes, behind their length in two bytes
///   2     the former ClientHello with its cookie
///   3     the former Finished, with what stands before it in its flight
///   4     former application data
///   5     the former close_notify
///   6     nothing: time passes, by the next byte, in tenths of a second
///   7     the former ClientHello without a cookie
/// bit 5: an edit follows the head, one byte where, in 256ths, and one that is added without carry; bit 7, of 4 and 5: amid.
std::vector<Stray> read_strays(ByteView body, const ReplayedDatagrams& former);

}  // namespace tocsin::harness
