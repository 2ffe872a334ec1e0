#include "harnesses/scenarios/metamorphosis.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

// The server has no session that a pre_shared_key could name, so nobody looks at the binders (RFC 9846 4.3.11), which the edits
// make false.
void scenarios::meta_client_hello(ByteView bytes) {
  check_metamorphosis(
      {"a server", server_first_flight_of_tocsin, HandshakeType::client_hello, metamorphic::edits_of_client_hello()},
      Input(bytes));
}

}  // namespace tocsin::harness
