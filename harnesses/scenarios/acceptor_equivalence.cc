// One server, one input, by either entry point and cut in any way: everything that comes out of it is the same.
#include <algorithm>
#include <optional>
#include <vector>

#include "harnesses/scenarios/client_side.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/stacks/pump.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

struct ServerRun {
  Bytes to_peer, application_data;
  std::vector<Event> events;
  std::optional<Error> error;
  Bytes exported;  // keying material, after a handshake
};

// deterministic_server(input), fed with what the client sends in calls of at most chunk_bytes (0: in one). A server that has
// completed its handshake then answers with application_data(input) and closes, and option closing, bit 2, ends the transport.
ServerRun run_server(const Input& input, ByteView from_client, EntryPoint entry_point, std::size_t chunk_bytes) {
  emit([&] {
    return ChunkEvent{std::string("a server, made ") + (entry_point == EntryPoint::direct ? "at once" : "by Acceptor") +
                      ", fed " +
                      (chunk_bytes == 0 ? "in one call" : "with " + std::to_string(chunk_bytes) + " bytes a call at most")};
  });
  CheckedConnection server(deterministic_server(input), entry_point, checks_of_any_end());
  Output out;
  ServerRun run;
  bool is_well = stacks::each_piece(from_client, chunk_bytes, [&](ByteView piece) { return bool(server.receive(piece, out)); });
  if (is_well && server.is_handshake_complete()) {
    run.exported.resize(32);
    is_well = server.export_keying_material("EXPORTER-tocsin", {}, run.exported, out) &&
              server.send(application_data(input, 's'), out) && server.close(out);
    if (!is_well) finding("a server whose handshake is complete cannot answer");
  }
  if (is_well && (input.option(Tag::closing, 0) & 4) != 0) is_well = bool(server.receive_end_of_stream(out));
  run.to_peer = std::move(out.to_peer);
  run.application_data = std::move(out.application_data);
  run.events = std::move(out.events);
  run.error = server.error();
  return run;
}

void check_same(Invariant invariant, const ServerRun& a, const ServerRun& b) {
  check(invariant, a.error == b.error,
        "one run failed with: " + (a.error ? a.error->describe() : "nothing") +
            ", the other with: " + (b.error ? b.error->describe() : "nothing"));
  check(invariant, a.to_peer == b.to_peer, "the runs sent different bytes");
  check(invariant, a.application_data == b.application_data, "the runs delivered different data");
  check(invariant, a.events == b.events, "the runs raised different events");
  check(invariant, a.exported == b.exported, "the runs export different keys");
}

}  // namespace

void scenarios::acceptor_equivalence(ByteView bytes) {
  const Input input(bytes);
  const Bytes from_client = client_side(input);
  const std::size_t chunk_bytes = std::max<std::size_t>(input.option(Tag::chunk_bytes, 7), 1);

  const auto whole = run_server(input, from_client, EntryPoint::direct, 0);
  check_same(Invariant::entry_points_agree, whole, run_server(input, from_client, EntryPoint::acceptor, 0));
  check_same(Invariant::segmentation_is_invisible, whole, run_server(input, from_client, EntryPoint::direct, chunk_bytes));
  check_same(Invariant::segmentation_is_invisible, whole, run_server(input, from_client, EntryPoint::acceptor, chunk_bytes));
  check_same(Invariant::same_input_same_output, whole, run_server(input, from_client, EntryPoint::direct, 0));
}

}  // namespace tocsin::harness
