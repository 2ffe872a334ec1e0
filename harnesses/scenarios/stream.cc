#include "harnesses/scenarios/client_side.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/stream_run.h"

namespace tocsin::harness {

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
