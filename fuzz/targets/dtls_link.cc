// Input:      options peer, server_suites, server_certificate, server_alpn, seed, way_in, chunk_bytes,
//             server_connection_id, client_connection_id, address_change; the body is what the link does: see
//             fuzz/lib/drawn_link.h.
// Property:   once the loss has ended, the handshake completes, both ends agree and carry data, with a bounded number of
//             datagrams; also from another address, if the server knows the client by its connection id.
// Invariants: both_ends_agree.
#include "fuzz/lib/drawn_link.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/story.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr link::Bounds bounds{.datagrams_max = 500};
  const fuzz::Input input({data, size});
  const fuzz::DrawnLink drawn = fuzz::draw_link(input);
  link::Link link(drawn.conditions, input.option(fuzz::Tag::seed, 0), drawn.pattern);
  link.make_perfect_after(drawn.imperfect_datagrams);
  const link::Ends ends = fuzz::draw_link_ends(input);
  const link::HandshakeRun run = link::run_handshake(link, ends, bounds, fuzz::draw_moves(input));
  fuzz::tell([&] { return fuzz::Note{"link", '\n' + link.diagram().text()}; });
  fuzz::check(Invariant::both_ends_agree, run.complaint.empty(), run.complaint);
  if (input.option(fuzz::Tag::peer, 0) % 3 != 0) ++fuzz::stats().oracle_comparisons;
  return 0;
}
