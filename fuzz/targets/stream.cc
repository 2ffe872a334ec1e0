// Input:      as acceptor_equivalence's, of which chunk_bytes cuts both directions; fault_kind and fault_nth break the transport.
// Property:   a Stream writes, delivers and reports what a connection makes of the same bytes, and writes before it reports.
// Invariants: stream_writes_first, ways_in_agree, errors_are_sticky.
#include "fuzz/lib/client_side.h"
#include "fuzz/lib/stream_run.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const Bytes from_client = fuzz::client_side(input);
  const fuzz::StreamRun without = fuzz::run_without_stream(input, from_client);
  for (const fuzz::StreamWay way : fuzz::all_stream_ways) {
    fuzz::check_same(without, fuzz::run_stream(input, from_client, way));
    fuzz::check_beginning(without, fuzz::run_stream(input, from_client, way, fuzz::transport_fault(input)));
  }
  return 0;
}
