#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {
void scenarios::meta_datagrams(ByteView) {}
}  // namespace tocsin::harness
