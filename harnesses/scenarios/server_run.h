#pragma once
// One server, one input: everything that comes out of it, to be compared with another run's.
#include <optional>
#include <vector>

#include "harnesses/scenarios/deterministic_endpoints.h"

namespace tocsin::harness {

struct ServerRun {
  Bytes to_peer, application_data;
  std::vector<Event> events;
  std::optional<Error> error;
  Bytes exported;  // keying material, after a handshake
};

/// deterministic_server(input), fed with what the client sends in calls of at most chunk_bytes (0: in one). A server that has
/// completed its handshake then answers with application_data(input) and closes, and option closing, bit 2, ends the transport.
ServerRun run_server(const Input& input, ByteView from_client, EntryPoint entry_point, std::size_t chunk_bytes);

/// Both runs must have given the same.
void check_same(Invariant invariant, const ServerRun& a, const ServerRun& b);

}  // namespace tocsin::harness
