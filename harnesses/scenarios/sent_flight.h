#pragma once
// What tocsin itself sends, read by the rules as whoever gets it reads it: an honest end breaks none for
// which it must be refused.
#include "tocsin/bytes.h"

namespace tocsin::harness {

/// A finding if a rule is broken by a server's hello, or by what is in plaintext behind it. sent: all that the server has sent;
/// received: all that it was sent.
void check_flight_of_server(ByteView sent, ByteView received);
/// The same of a client's hellos. sent: all that the client has sent.
void check_flight_of_client(ByteView sent);

}  // namespace tocsin::harness
