#include "harnesses/stacks/openssl/stack.h"

namespace tocsin::stacks {

PeerConfig OpenSslStack::adapted(PeerConfig config) const {
  config.key_shares = 1;
  config.record_size_limit = 0;
  return config;
}

Limits OpenSslStack::limits() const {
  Limits limits = Stack::limits();
  limits.empty_records_max = 31;
  limits.post_handshake_messages_max = 31;
  return limits;
}

}  // namespace tocsin::stacks
