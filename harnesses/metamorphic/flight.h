#pragma once
// What one end sends over a stream, taken apart as far as it is handshake messages in plaintext; and how their records can be
// cut without changing what they say.
#include <vector>

#include "harnesses/dissect/records.h"
#include "harnesses/metamorphic/draw.h"

namespace tocsin::metamorphic {

/// Handshake records of one version, one behind another. None is empty. Behind a ClientHello, or a hello of TLS 1.3, another
/// one begins.
struct Run {
  Bytes before;  // change_cipher_spec records
  std::uint16_t version = 0;
  Bytes content;
  std::vector<std::size_t> ends;  // of the records, in the content
};
struct Flight {
  std::vector<Run> runs;
  Bytes rest;  // from the first record on that is anything else, is cut off, or may be protected
};

/// A change_cipher_spec is gone past only where no keys change with it: behind a ClientHello, or a hello of TLS 1.3.
Flight read_flight(ByteView records);
Bytes bytes_of(const Flight& flight);

/// Of the messages that are whole, one behind another, in the content.
std::vector<std::size_t> message_ends(ByteView content);

enum class MessageEnds : std::uint8_t {
  stay,  // a record ends with a message exactly where it did: keys may change there (RFC 9846 5.1)
  move,  // RFC 5246 6.2.1: several messages may stand in a record
};
/// Of what a server of TLS 1.2 sends they may move: no keys change before its change_cipher_spec. All others stay.
MessageEnds message_ends_of(const Flight& flight);

/// The same messages in other records (RFC 9846 5.1, RFC 5246 6.2.1): cut elsewhere, never empty, none longer than one of the
/// run was. False, and nothing is changed, where the length of records may be what is wrong: a hello has max_fragment_length,
/// and a record behind it is longer than the least that this can ask for.
bool refragment(Flight& flight, Draw& draw);

}  // namespace tocsin::metamorphic
