#pragma once
// DTLS 1.2 records as an outsider sees them (RFC 6347 4.1), as text: a line for each record in a datagram.
#include <string>
#include <vector>

#include "tocsin/bytes.h"

namespace tocsin::link {

/// "handshake 0:1 118: client_hello 0, 106 bytes": type, epoch:sequence_number, length, and of a plaintext handshake record its
/// messages with message_seq, and "of" where a fragment is not all of it. What is no record is one line that says so.
std::vector<std::string> lines_of(ByteView datagram);

}  // namespace tocsin::link
