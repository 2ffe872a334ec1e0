#include "harnesses/scenarios/server_run.h"

#include <algorithm>

#include "harnesses/scenarios/configs.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

ServerRun run_server(const Input& input, ByteView from_client, EntryPoint entry_point, std::size_t chunk_bytes) {
  emit([&] {
    return ChunkEvent{std::string("a server, made ") + (entry_point == EntryPoint::direct ? "at once" : "by Acceptor") +
                      ", fed " +
                      (chunk_bytes == 0 ? "in one call" : "with " + std::to_string(chunk_bytes) + " bytes a call at most")};
  });
  CheckedConnection server(deterministic_server(input), entry_point, checks_of_any_end());
  Output out;
  ServerRun run;
  bool is_well = true;
  while (is_well && !from_client.empty()) {
    const std::size_t size = chunk_bytes == 0 ? from_client.size() : std::min(chunk_bytes, from_client.size());
    is_well = bool(server.receive(from_client.first(size), out));
    from_client = from_client.subspan(size);
  }
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

}  // namespace tocsin::harness
