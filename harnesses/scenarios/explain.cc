#include "harnesses/checkers/dissection.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {

void scenarios::explain(ByteView bytes) {
  emit([] { return ChunkEvent{"the input as records"}; });
  check_dissection(dissect::dissect_records(bytes), bytes);
  emit([] { return ChunkEvent{"the input as handshake messages without records"}; });
  check_dissection(dissect::dissect_messages(bytes), bytes);
}

}  // namespace tocsin::harness
