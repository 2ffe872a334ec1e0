#include "harnesses/scenarios/metamorphosis.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

void scenarios::meta_client_hello(ByteView bytes) {
  check_metamorphosis(
      {"a server", server_first_flight_of_tocsin, HandshakeType::client_hello, metamorphic::edits_of_client_hello()},
      Input(bytes));
}

}  // namespace tocsin::harness
