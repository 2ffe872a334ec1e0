#include "harnesses/scenarios/first_flight.h"
#include "harnesses/scenarios/metamorphosis.h"
#include "harnesses/scenarios/scenarios.h"

namespace tocsin::harness {

void scenarios::meta_server_flight(ByteView bytes) {
  const Input input(bytes);
  const Bytes body = client_first_flight_body(input);
  check_metamorphosis(
      {"a client", client_first_flight_of_tocsin, HandshakeType::server_hello, metamorphic::edits_of_server_hello()},
      input.with_body(body));
}

}  // namespace tocsin::harness
