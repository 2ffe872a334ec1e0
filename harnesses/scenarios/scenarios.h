#pragma once
// What a fuzz target runs, and `tocsin replay`: one function for each target, of the target's name. It takes any bytes (input.h
// says how they are laid out), does something with them, and reports a finding (trace/finding.h) where a property of the target
// does not hold.
#include <span>
#include <string_view>

#include "tocsin/bytes.h"

#define TOCSIN_SCENARIOS(X) \
  X(acceptor_equivalence)   \
  X(callbacks)              \
  X(canary)                 \
  X(certificates)           \
  X(client_first_flight)    \
  X(client_script)          \
  X(client_script_gnutls)   \
  X(client_script_openssl)  \
  X(crypto_failures)        \
  X(crypto_faults)          \
  X(dtls_client_script)     \
  X(dtls_cookie)            \
  X(dtls_link)              \
  X(dtls_listen)            \
  X(dtls_listen_openssl)    \
  X(dtls_occupancy)         \
  X(dtls_reassembly)        \
  X(dtls_server_script)     \
  X(explain)                \
  X(handshake_pair)         \
  X(meta_client_hello)      \
  X(meta_datagrams)         \
  X(meta_server_flight)     \
  X(pipe_answers)           \
  X(record_dtls)            \
  X(record_protection)      \
  X(server_first_flight)    \
  X(server_script)          \
  X(server_script_gnutls)   \
  X(server_script_openssl)  \
  X(session_ticket)         \
  X(stream)                 \
  X(wire_messages)          \
  X(wire_messages_tls12)

namespace tocsin::harness {

namespace scenarios {
#define X(name) void name(ByteView bytes);
TOCSIN_SCENARIOS(X)
#undef X
}  // namespace scenarios

struct Scenario {
  std::string_view name;
  void (*run)(ByteView bytes);
};
inline constexpr Scenario all_scenarios[] = {
#define X(name) {#name, scenarios::name},
    TOCSIN_SCENARIOS(X)
#undef X
};

}  // namespace tocsin::harness
