#pragma once
// A server as a Stream over a transport in memory, and as the same calls without one: what comes out of both is to be the same.
#include <array>
#include <cstdint>
#include <optional>

#include "harnesses/scenarios/input.h"
#include "tocsin/stream.h"

namespace tocsin::harness {

/// The ways to make a Stream of a server: with its configuration, with a choice of it, from an Accepted.
enum class StreamWay : std::uint8_t { direct, choosing, accepted };
inline constexpr std::array all_stream_ways{StreamWay::direct, StreamWay::choosing, StreamWay::accepted};

/// When the transport breaks: at which call, counted from 0.
struct TransportFault {
  std::size_t read_nth = SIZE_MAX, write_nth = SIZE_MAX;
};
/// As options fault_kind (odd: reading breaks, even: writing) and fault_nth say; nothing breaks without fault_kind.
TransportFault transport_fault(const Input& input);

struct StreamRun {
  Bytes written;  // until the first call failed, or the end
  Bytes application_data;
  Bytes exported;  // keying material, after the peer has closed
  std::optional<StreamError> error;
};

/// deterministic_server(input) on a transport that gives and takes at most chunk_bytes (option; 0: all there is) in one go. It
/// reads until the peer has closed, exports, answers with application_data(input) and closes. After an error each call is made
/// once more: they have to give the same error, and to write nothing.
StreamRun run_stream(const Input& input, ByteView from_client, StreamWay way, const TransportFault& fault = {});

/// The same, by a watched connection without a Stream.
StreamRun run_without_stream(const Input& input, ByteView from_client);

/// Both runs must have come to the same.
void check_same(const StreamRun& without, const StreamRun& with);

/// What a Stream does whose transport breaks must be the beginning of what it does otherwise, and its error must be one that it
/// met.
void check_beginning(const StreamRun& whole, const StreamRun& broken_off);

}  // namespace tocsin::harness
