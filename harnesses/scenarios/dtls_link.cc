#include "harnesses/scenarios/generated_link.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

void scenarios::dtls_link(ByteView bytes) {
  constexpr link::Bounds bounds{.datagrams_max = 500};
  const Input input(bytes);
  const GeneratedLink drawn = generate_link(input);
  link::Link link(drawn.conditions, input.option(Tag::seed, 0), drawn.pattern);
  link.make_perfect_after(drawn.imperfect_datagrams);
  const link::Endpoints endpoints = generate_endpoints(input);
  const link::HandshakeRun run = link::run_handshake(link, endpoints, bounds, generate_moves(input));
  emit([&] { return NoteEvent{"link", '\n' + link.diagram().text()}; });
  check(Invariant::both_ends_agree, run.complaint.empty(), run.complaint);
  if (input.option(Tag::peer, 0) % 3 != 0) ++stats().oracle_comparisons;
}

}  // namespace tocsin::harness
