#pragma once
// A handshake over a link that does harm for a while: it must complete, and both ends agree, once that has ended. Which stacks
// the ends are of is the caller's choice.
#include "harnesses/link/link.h"

namespace tocsin::link {

struct Endpoints {
  std::unique_ptr<stacks::Endpoint> client, server;
};
/// Makes both ends anew: a client of server_address, and a server.
using MakeEndpoints = std::function<Endpoints()>;
inline constexpr Address client_address{1}, server_address{2};

/// When the client gets another address, as behind a NAT that has forgotten it. Its server must know it by a connection id.
struct Moves {
  bool once_server_completed = false;  // while the server's last flight may still be on its way
  bool once_both_completed = false;
};

struct HandshakeRun {
  std::string complaint;      // empty if all is well
  Time took{0};               // until both ends had completed
  std::size_t datagrams = 0;  // of both endpoints, until nothing moved any more
};

/// link: new, with nobody on it. Where it stays harmful it is made perfect once both ends have completed, for the data that
/// they send each other then. To exceed a bound is a complaint; so is corruption that the handshake cannot see through.
HandshakeRun run_handshake(Link& link, const Endpoints& endpoints, const Bounds& bounds, const Moves& moves = {});

/// What the failures of two ends that have nothing in common must say, in the words of their stacks.
struct DueFailures {
  std::string_view client, server;
};
/// Of two such ends: the server refuses, the client fails because it was told so, and both are silent then. link, bounds: as
/// for run_handshake. took: until both had failed.
HandshakeRun run_refusal(Link& link, const Endpoints& endpoints, const Bounds& bounds, const DueFailures& due);

struct PatternRun : HandshakeRun {
  Diagram diagram;
};
PatternRun run_pattern(const Pattern& pattern, const Endpoints& endpoints, const Moves& moves = {});

}  // namespace tocsin::link
