#include "harnesses/stacks/stack.h"

namespace tocsin::stacks {

Limits Stack::limits() const {
  Limits limits;
  limits.warning_alerts_max = 4;
  limits.empty_records_max = 15;
  limits.post_handshake_messages_max = 15;
  limits.post_handshake_data_bytes = 0;
  return limits;
}

std::unique_ptr<Peer> Stack::make_resuming(const PeerConfig&, std::uint64_t, Peer&) { return nullptr; }

}  // namespace tocsin::stacks
