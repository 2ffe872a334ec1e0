// Input:      as dtls_listen_openssl's; what is transformed, and how, follows from its bytes, and so do connection ids and client
//             certificates of the handshake.
// Property:   a listener answers and discards the same, and an honest handshake with data and closures comes to the same, if
//             fragments of handshake messages are cut otherwise (a ClientHello stays whole: who keeps nothing before the cookie
//             cannot put it together), records come in other datagrams, some datagrams twice, and strays in between.
// Invariants: none.
#include "harnesses/scenarios/scenarios.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tocsin::harness::scenarios::meta_datagrams({data, size});
  return 0;
}
