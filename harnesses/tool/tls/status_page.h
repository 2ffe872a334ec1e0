#pragma once
// A connection described for people: the lines of `connect -v`, and the page that `serve --www` answers with.
#include <cstdint>
#include <string>
#include <vector>

#include "tocsin/connection.h"
#include "tocsin/discard.h"

namespace tocsin::tool {

/// What a server has seen so far.
struct Counters {
  std::uint64_t accepted = 0;   // connections, in TCP's sense
  std::uint64_t completed = 0;  // handshakes
  std::uint64_t retried = 0;    // of these, with a HelloRetryRequest
  std::uint64_t resumed = 0;    // of these, with a former connection's session
  std::uint64_t failed = 0;     // connections that ended with an error
};

/// Bytes that came from a peer, made fit for a terminal: what is not printable ASCII becomes \xNN.
std::string printable(std::string_view text);
std::string hex_of(ByteView bytes);
/// "name: value" for every parameter. exported: from the exporter, in hex; empty if there is none.
std::vector<std::string> describe(const Negotiated& negotiated, std::string_view exported = "");
/// "4 connections accepted, 3 handshakes completed (1 with a retry, 2 resumed), 1 connection failed".
std::string describe(const Counters& counters);
/// ", 3 lines dropped": of the diagnostics, to be told behind the rest. Empty for 0.
std::string describe_dropped(std::uint64_t lines);
/// "discarded 15 bytes (type 21, epoch 0, number 1): alert_unauthenticated".
std::string describe(const DiscardSeen& seen);

/// The answer to what a client has sent so far: a whole HTTP/1.0 response, or empty while the request's head is not complete.
/// GET and HEAD give the page, anything else an error.
std::string respond(std::string_view request, const std::vector<std::string>& page);

/// A request's head that is longer is answered with an error.
inline constexpr std::size_t request_bytes_max = 8192;

}  // namespace tocsin::tool
