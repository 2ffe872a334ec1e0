// A server as a Stream over a transport in memory, and as the same calls without one: both have to give the same.
#include "tocsin/stream.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "harnesses/scenarios/client_side.h"
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/deterministic_endpoints.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

// The ways to make a Stream of a server: with its configuration, with a choice of it, from an Accepted.
enum class StreamWay : std::uint8_t { direct, choosing, accepted };
constexpr std::array all_stream_ways{StreamWay::direct, StreamWay::choosing, StreamWay::accepted};

// When the transport breaks: at which call, counted from 0.
struct TransportFault {
  std::size_t read_nth = SIZE_MAX, write_nth = SIZE_MAX;
};
struct StreamRun {
  Bytes written;  // until the first call failed, or the end
  Bytes application_data;
  Bytes exported;  // keying material, after the peer has closed
  std::optional<StreamError> error;
};

constexpr std::string_view export_label = "EXPORTER-tocsin";

struct Wire {
  ByteView to_server;
  std::size_t chunk_bytes;
  TransportFault fault;
  Bytes from_server{};
  std::size_t reads = 0, writes = 0;

  Transport transport() {
    return {[this](MutableBytes into) -> Transferred {
              if (reads++ == fault.read_nth) return TransportError{1, "as planned"};
              const ByteView chunk = take(into.size());
              emit([&] { return NoteEvent{"transport", "gives " + std::to_string(chunk.size()) + " bytes"}; });
              std::copy(chunk.begin(), chunk.end(), into.begin());
              return chunk.size();
            },
            [this](ByteView from) -> Transferred {
              if (writes++ == fault.write_nth) return TransportError{1, "as planned"};
              const std::size_t bytes = std::min(chunk_bytes, from.size());
              emit([&] { return NoteEvent{"transport", "takes " + std::to_string(bytes) + " bytes"}; });
              append(from_server, from.first(bytes));
              return bytes;
            },
            [] {
              return Now{{}, stacks::peers_now};
            }};
  }
  ByteView take(std::size_t bytes_max) {
    const ByteView chunk = to_server.first(std::min({bytes_max, chunk_bytes, to_server.size()}));
    to_server = to_server.subspan(chunk.size());
    return chunk;
  }
};

// A server whose Acceptor the caller runs; none if that failed.
std::optional<Stream> accept_by_hand(Wire& wire, std::shared_ptr<const ServerConfig> config, StreamRun& run) {
  Acceptor acceptor(config->limits);
  Output out;
  for (;;) {
    const ByteView chunk = wire.take(SIZE_MAX);
    if (chunk.empty()) {
      const Outcome ended = acceptor.receive_end_of_stream(out);
      if (ended) finding("an Acceptor takes the end of the transport for none");
      run.error = ended.error();
      break;
    }
    auto accepted = acceptor.receive(chunk, out);
    if (accepted && *accepted)
      return Stream::server(wire.transport(), std::move(**accepted), std::move(config), std::move(out));
    if (accepted) continue;
    run.error = accepted.error();
    break;
  }
  run.written = std::move(out.to_peer);
  return std::nullopt;
}

std::optional<Stream> start(Wire& wire, ServerConfig made, StreamWay way, StreamRun& run) {
  made.on_broken_invariant = [](Invariant invariant) { broken(invariant, "noticed inside"); };
  auto config = std::make_shared<const ServerConfig>(std::move(made));
  switch (way) {
    case StreamWay::direct:
      return Stream::server(wire.transport(), std::move(config));
    case StreamWay::choosing:
      return Stream::server(
          wire.transport(), [config](const Offer&) { return config; }, config->limits);
    case StreamWay::accepted:
      return accept_by_hand(wire, std::move(config), run);
  }
  __builtin_unreachable();
}

StreamOutcome serve(Stream& server, const Input& input, StreamRun& run) {
  std::array<std::uint8_t, 100> buffer;
  for (;;) {
    TOCSIN_TRY_SET(const std::size_t bytes, server.read(buffer));
    append(run.application_data, ByteView(buffer).first(bytes));
    if (bytes == 0) break;
  }
  run.exported.resize(32);
  TOCSIN_TRY(server.export_keying_material(export_label, {}, run.exported));
  TOCSIN_TRY(server.write(application_data(input, 's')));
  return server.close();
}

std::string_view name_of(StreamWay way) {
  switch (way) {
    case StreamWay::direct:
      return "made with its configuration";
    case StreamWay::choosing:
      return "made with a choice of configuration";
    case StreamWay::accepted:
      return "made from an Accepted";
  }
  __builtin_unreachable();
}

std::string text_of(const TransportFault& fault) {
  std::string text;
  if (fault.read_nth != SIZE_MAX) text += "; reading breaks at call " + std::to_string(fault.read_nth);
  if (fault.write_nth != SIZE_MAX) text += "; writing breaks at call " + std::to_string(fault.write_nth);
  return text;
}

void emit_end(const StreamRun& run) {
  emit([&] {
    ReturnEvent returned{"tocsin server as a Stream", !run.error, run.written, run.application_data};
    if (run.error) returned.failure = run.error->describe();
    return returned;
  });
}

void check_stickiness(Stream& server, const Wire& wire, const StreamError& error) {
  const std::size_t writes = wire.writes, reads = wire.reads;
  std::array<std::uint8_t, 1> byte{};
  const auto is_same = [&](const auto& outcome) { return !outcome && outcome.error() == error; };
  check(Invariant::errors_are_sticky,
        is_same(server.handshake()) && is_same(server.read(byte)) && is_same(server.write(byte)) && is_same(server.close()) &&
            is_same(server.update_keys(KeyUpdateRequest::update_requested)) &&
            is_same(server.export_keying_material(export_label, {}, byte)),
        "a Stream's call after an error gave something else than: " + error.describe());
  check(Invariant::stream_writes_first, wire.writes == writes, "a Stream wrote after it had reported: " + error.describe());
  check(Invariant::errors_are_sticky, wire.reads == reads, "a Stream read on after: " + error.describe());
}

// As options fault_kind (odd: reading breaks, even: writing) and fault_nth say; nothing breaks without fault_kind.
TransportFault transport_fault(const Input& input) {
  const std::uint8_t kind = input.option(Tag::fault_kind, 0), nth = input.option(Tag::fault_nth, 0);
  if (kind == 0) return {};
  return kind % 2 != 0 ? TransportFault{.read_nth = nth, .write_nth = SIZE_MAX}
                       : TransportFault{.read_nth = SIZE_MAX, .write_nth = nth};
}

// deterministic_server(input) on a transport that gives and takes at most chunk_bytes (option; 0: all there is) in one go. It
// reads until the peer has closed, exports, answers with application_data(input) and closes. After an error each call is made
// once more: it has to give the same error, and to write nothing.
StreamRun run_stream(const Input& input, ByteView from_client, StreamWay way, const TransportFault& fault = {}) {
  const std::size_t chunk_bytes = input.option(Tag::chunk_bytes, 0);
  StreamRun run;
  emit([&] { return ChunkEvent{"a server as a Stream, " + std::string(name_of(way)) + text_of(fault)}; });
  Wire wire{from_client, chunk_bytes == 0 ? SIZE_MAX : chunk_bytes, fault};
  std::optional<Stream> server = start(wire, deterministic_server(input), way, run);
  if (!server) {
    emit_end(run);
    return run;
  }
  const StreamOutcome served = serve(*server, input, run);
  run.written = wire.from_server;
  if (!served) run.error = served.error();
  emit_end(run);
  if (!run.error) return run;
  check_stickiness(*server, wire, *run.error);
  return run;
}

// The same, by a checked connection without a Stream.
StreamRun run_without_stream(const Input& input, ByteView from_client) {
  emit([] { return ChunkEvent{"the same server without a Stream"}; });
  CheckedConnection server(deterministic_server(input), EntryPoint::direct, checks_of_any_end());
  Output out;
  StreamRun run;
  const Outcome ran = [&]() -> Outcome {
    TOCSIN_TRY(server.receive(from_client, out));
    TOCSIN_TRY(server.receive_end_of_stream(out));
    run.exported.resize(32);
    TOCSIN_TRY(server.export_keying_material(export_label, {}, run.exported, out));
    TOCSIN_TRY(server.send(application_data(input, 's'), out));
    return server.close(out);
  }();
  run.written = std::move(out.to_peer);
  run.application_data = std::move(out.application_data);
  if (!ran) run.error = ran.error();
  return run;
}

void check_same(const StreamRun& without, const StreamRun& with) {
  const auto text = [](const StreamRun& run) { return run.error ? run.error->describe() : std::string("no error"); };
  check(Invariant::entry_points_agree, without.error == with.error,
        "without a Stream: " + text(without) + "; with one: " + text(with));
  check(Invariant::stream_writes_first, without.written == with.written, "a Stream wrote something else before: " + text(with));
  check(Invariant::entry_points_agree, without.application_data == with.application_data, "a Stream delivered something else");
  check(Invariant::entry_points_agree, without.exported == with.exported, "a Stream exports another key");
}

// The output of a Stream whose transport breaks is the beginning of its whole output, and its error one that it met.
void check_beginning(const StreamRun& whole, const StreamRun& broken_off) {
  const auto begins = [](const Bytes& all, const Bytes& part) {
    return part.size() <= all.size() && std::equal(part.begin(), part.end(), all.begin());
  };
  check(Invariant::stream_writes_first, begins(whole.written, broken_off.written),
        "a Stream on a broken transport wrote otherwise");
  check(Invariant::entry_points_agree, begins(whole.application_data, broken_off.application_data),
        "a Stream on a broken transport delivered otherwise");
  const bool is_of_transport = broken_off.error && broken_off.error->transport() != nullptr;
  check(Invariant::errors_are_sticky, is_of_transport || broken_off.error == whole.error,
        "a Stream on a broken transport reported what it did not meet: " +
            (broken_off.error ? broken_off.error->describe() : "nothing"));
}

}  // namespace

void scenarios::stream(ByteView bytes) {
  const Input input(bytes);
  const Bytes from_client = client_side(input);
  const StreamRun without = run_without_stream(input, from_client);
  for (const StreamWay way : all_stream_ways) {
    check_same(without, run_stream(input, from_client, way));
    check_beginning(without, run_stream(input, from_client, way, transport_fault(input)));
  }
}

}  // namespace tocsin::harness
