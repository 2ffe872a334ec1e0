#include <algorithm>

#include "harnesses/scenarios/client_side.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/scenarios/server_run.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

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
