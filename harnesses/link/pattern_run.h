#pragma once
// A handshake over a link with a pattern: it must complete, and both ends agree, once the pattern has ended. Which stacks the
// ends are of is the caller's choice.
#include "harnesses/link/link.h"

namespace tocsin::link {

struct Ends {
  std::unique_ptr<peers::Endpoint> client, server;
};
/// Makes both ends anew: a client of server_address, and a server.
using MakeEnds = std::function<Ends()>;
inline constexpr Address client_address{1}, server_address{2};

struct PatternRun {
  std::string complaint;      // empty if all is well
  Time took{0};               // until both ends had completed
  std::size_t datagrams = 0;  // of both ends, until nothing moved any more
  Diagram diagram;
};

/// datagrams_max: how many the handshake may take; more is a complaint.
PatternRun run_pattern(const Pattern& pattern, const MakeEnds& make_ends, std::size_t datagrams_max = 150);

}  // namespace tocsin::link
