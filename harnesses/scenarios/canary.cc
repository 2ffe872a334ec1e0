#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {

void scenarios::canary(ByteView bytes) {
  ++stats().other_checks;
  if (text_of(bytes).starts_with("toc!")) finding("the canary, as it must");
}

}  // namespace tocsin::harness
