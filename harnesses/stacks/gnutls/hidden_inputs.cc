#include "harnesses/stacks/gnutls/hidden_inputs.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <openssl/rand.h>

#include <ctime>

#include "harnesses/stacks/peer_config.h"

// The dynamic linker takes the program's own function before the library's, also for the library's own calls. libcrypto draws
// from the stream of the end that runs (deterministic_rand.h).
extern "C" int gnutls_rnd(gnutls_rnd_level_t, void* out, std::size_t size_bytes) {
  return RAND_bytes(static_cast<unsigned char*>(out), static_cast<int>(size_bytes)) == 1 ? 0 : GNUTLS_E_RANDOM_FAILED;
}

// A client offers status_request unless it gives up extended_master_secret, too, and no rule knows the answers to it.
extern "C" int gnutls_ocsp_status_request_enable_client(gnutls_session_t, gnutls_datum_t*, std::size_t, gnutls_datum_t*) {
  return GNUTLS_E_SUCCESS;
}

// What GnuTLS's own tests set its finer clock with, and no header declares: it counts a peer's KeyUpdates in a second.
extern "C" void _gnutls_global_set_gettime_function(void (*now)(timespec*));

namespace tocsin::stacks {

void take_hidden_inputs_of_gnutls() {
  gnutls_global_set_time_function([](time_t* now) {
    const auto seconds = static_cast<time_t>(peers_now);
    if (now != nullptr) *now = seconds;
    return seconds;
  });
  _gnutls_global_set_gettime_function([](timespec* now) { *now = {static_cast<time_t>(peers_now), 0}; });
}

}  // namespace tocsin::stacks
