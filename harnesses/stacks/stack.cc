#include "harnesses/stacks/stack.h"

namespace tocsin::stacks {

Limits limits_of_any_stack() {
  Limits limits;
  limits.warning_alerts_max = 4;
  limits.empty_records_max = 15;
  limits.post_handshake_messages_max = 15;
  limits.post_handshake_data_bytes = 0;
  return limits;
}

}  // namespace tocsin::stacks
