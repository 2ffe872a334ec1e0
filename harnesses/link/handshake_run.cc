#include "harnesses/link/handshake_run.h"

namespace tocsin::link {
namespace {

using stacks::Endpoint;
using stacks::Status;

std::string_view name_of(Status status) {
  switch (status) {
    case Status::handshaking:
      return "handshaking";
    case Status::complete:
      return "complete";
    case Status::failed:
      return "failed";
  }
  __builtin_unreachable();
}

/// One end, and whom it talks to.
struct Side {
  const char* name;
  Endpoint& end;
  Address peer;

  Status status() const { return end.status(peer); }
};

std::string standing(const Side& side) {
  std::string text = std::string(", ") + side.name + ' ' + std::string(name_of(side.status()));
  if (side.end.is_closed_by(side.peer)) text += ", closed by the other end";
  if (const std::string failure = side.end.failure(side.peer); !failure.empty()) text += " (" + failure + ")";
  return text;
}

std::string standing(std::string what, const Side& client, const Side& server) {
  return std::move(what) + standing(client) + standing(server);
}

void note_change(Link& link, const Side& side, Status& noted) {
  if (std::exchange(noted, side.status()) != side.status())
    link.diagram().note(link.now(), std::string(side.name) + ": " + std::string(name_of(side.status())));
}

std::string disagreement(const Side& client, const Side& server) {
  const Negotiated at_client = client.end.negotiated(client.peer), at_server = server.end.negotiated(server.peer);
  if (at_client.version != at_server.version) return "the ends disagree on the version";
  if (at_client.cipher_suite != at_server.cipher_suite) return "the ends disagree on the cipher suite";
  if (at_client.application_protocol != at_server.application_protocol) return "the ends disagree on ALPN";
  if (at_client.connection_id != at_server.peer_connection_id || at_client.peer_connection_id != at_server.connection_id)
    return "the ends disagree on connection ids";
  const NamedGroup unknown{};
  if (at_client.group != at_server.group && at_client.group != unknown && at_server.group != unknown)
    return "the ends disagree on the group";
  constexpr std::size_t key_bytes = 32;
  const auto export_from = [&](const Side& side) {
    return side.end.export_keying_material(side.peer, "EXPORTER-tocsin-link", bytes_of("context"), key_bytes);
  };
  const auto client_key = export_from(client);
  if (!client_key || client_key != export_from(server)) return "the ends disagree on the exporter";
  return "";
}

std::string carries(Link& link, const Side& from, const Side& to, const Bounds& bounds) {
  const std::string text = std::string("from the ") + from.name;
  const std::string complaint = text + " not delivered once and whole";
  if (!from.end.send(from.peer, bytes_of(text), link.now())) return text + " not sent";
  if (link.run(bounds) != Ending::quiet) return complaint;
  const std::vector<Bytes> delivered = to.end.take_application_data(to.peer);
  return delivered.size() == 1 && text_of(delivered.front()) == text ? "" : complaint;
}

/// The client's address, and what its server takes for it.
class Whereabouts {
 public:
  Whereabouts(Link& link, Side& server) : link_(link), server_(server) {}
  void move() {
    const Address next{static_cast<std::uint16_t>(static_cast<std::uint16_t>(server_address) + ++moves_)};
    link_.move(at_, next);
    at_ = next;
  }
  bool has_moved() const { return moves_ != 0; }
  /// The server knows the client by its new address, if its handshake completed there.
  void follow() {
    if (server_.end.status(at_) == Status::complete) server_.peer = at_;
  }

 private:
  Link& link_;
  Side& server_;
  Address at_ = client_address;
  std::uint16_t moves_ = 0;
};

std::string problem_of(Link& link, const Side& client, Side server, const Bounds& bounds, const Moves& moves,
                       HandshakeRun& run) {
  Whereabouts whereabouts(link, server);
  Status noted_client = Status::handshaking, noted_server = Status::handshaking;
  const auto are_done = [&] {
    whereabouts.follow();
    note_change(link, client, noted_client);
    note_change(link, server, noted_server);
    if (moves.once_server_completed && !whereabouts.has_moved() && server.status() == Status::complete) whereabouts.move();
    return client.status() != Status::handshaking && server.status() != Status::handshaking;
  };
  const Ending ending = link.run(are_done, bounds);
  run.took = link.now();
  run.datagrams = link.counts().sent;
  const auto are_complete = [&] { return client.status() == Status::complete && server.status() == Status::complete; };
  if (ending != Ending::done || !are_complete()) return standing(std::string(name_of(ending)), client, server);
  // What is still under way may not harm.
  const Ending settled = link.run(bounds);
  run.datagrams = link.counts().sent;
  if (settled != Ending::quiet) return standing("afterwards: " + std::string(name_of(settled)), client, server);
  whereabouts.follow();
  if (!are_complete()) return standing("afterwards", client, server);
  if (const std::string what = disagreement(client, server); !what.empty()) return what;
  link.make_perfect();
  if (moves.once_both_completed) {
    whereabouts.move();
    if (!client.end.send(client.peer, bytes_of("here I am"), link.now()) || link.run(bounds) != Ending::quiet)
      return "nothing sent from the new address";
    whereabouts.follow();
    (void)server.end.take_application_data(server.peer);
  }
  if (const std::string what = carries(link, client, server, bounds); !what.empty()) return what;
  return carries(link, server, client, bounds);
}

std::string refusal_problem_of(Link& link, const Side& client, const Side& server, const Bounds& bounds, const DueFailures& due,
                               HandshakeRun& run) {
  Status noted_client = Status::handshaking, noted_server = Status::handshaking;
  const auto have_failed = [&] {
    note_change(link, client, noted_client);
    note_change(link, server, noted_server);
    return client.status() == Status::failed && server.status() == Status::failed;
  };
  Ending ending = link.run(have_failed, bounds);
  run.took = link.now();
  if (ending == Ending::done) ending = link.run(bounds);
  run.datagrams = link.counts().sent;
  const auto says = [](const Side& side, std::string_view what) {
    return side.status() == Status::failed && side.end.failure(side.peer).find(what) != std::string::npos;
  };
  if (ending == Ending::quiet && says(client, due.client) && says(server, due.server)) return "";
  return "due: client failed (" + std::string(due.client) + "), server failed (" + std::string(due.server) +
         "); came: " + standing(std::string(name_of(ending)), client, server);
}

/// Puts both ends on the link, as the two sides of a run.
std::pair<Side, Side> attach(Link& link, const Endpoints& endpoints) {
  link.attach(client_address, "client", *endpoints.client);
  link.attach(server_address, "server", *endpoints.server);
  return {{"client", *endpoints.client, server_address}, {"server", *endpoints.server, client_address}};
}

}  // namespace

HandshakeRun run_handshake(Link& link, const Endpoints& endpoints, const Bounds& bounds, const Moves& moves) {
  HandshakeRun run;
  const auto [client, server] = attach(link, endpoints);
  run.complaint = problem_of(link, client, server, bounds, moves, run);
  return run;
}

HandshakeRun run_refusal(Link& link, const Endpoints& endpoints, const Bounds& bounds, const DueFailures& due) {
  HandshakeRun run;
  const auto [client, server] = attach(link, endpoints);
  run.complaint = refusal_problem_of(link, client, server, bounds, due, run);
  return run;
}

PatternRun run_pattern(const Pattern& pattern, const Endpoints& endpoints, const Moves& moves) {
  constexpr Bounds bounds{.datagrams_max = 150};
  Link link({}, 0, pattern);
  HandshakeRun run = run_handshake(link, endpoints, bounds, moves);
  return {std::move(run), std::move(link.diagram())};
}

}  // namespace tocsin::link
