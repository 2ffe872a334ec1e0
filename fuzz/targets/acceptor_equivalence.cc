// Input:      the options of both configurations, seed, honest_part, injected_as, chunk_bytes, data_bytes, closing; the body
//             goes on where an honest client stops (fuzz/lib/client_side.h).
// Property:   a server gives the same output and error by either way in, however its input is cut, and every time.
// Invariants: ways_in_agree, segmentation_is_invisible, same_input_same_output, and those of every call.
#include <algorithm>

#include "fuzz/lib/client_side.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/server_run.h"

using namespace tocsin;
using fuzz::WayIn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  const Bytes from_client = fuzz::client_side(input);
  const std::size_t chunk_bytes = std::max<std::size_t>(input.option(fuzz::Tag::chunk_bytes, 7), 1);

  const auto whole = fuzz::run_server(input, from_client, WayIn::direct, 0);
  fuzz::check_same(Invariant::ways_in_agree, whole, fuzz::run_server(input, from_client, WayIn::acceptor, 0));
  fuzz::check_same(Invariant::segmentation_is_invisible, whole,
                   fuzz::run_server(input, from_client, WayIn::direct, chunk_bytes));
  fuzz::check_same(Invariant::segmentation_is_invisible, whole,
                   fuzz::run_server(input, from_client, WayIn::acceptor, chunk_bytes));
  fuzz::check_same(Invariant::same_input_same_output, whole, fuzz::run_server(input, from_client, WayIn::direct, 0));
  return 0;
}
