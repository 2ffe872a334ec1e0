#pragma once
// Two honest ends and the link between them, drawn from an input.
#include "harnesses/link/handshake_run.h"
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

/// The way from one to the other. Its conditions are the body: the delay and what chance adds to it at most, in hundredths of a
/// second, the rates of duplicates and of swaps, in thousandths, and for how many datagrams, a byte each; then what becomes of
/// the first ones, two bits each. No more of them are lost or held back than a flight is sent again.
struct GeneratedLink {
  link::Conditions conditions;
  link::Pattern pattern;
  std::size_t imperfect_datagrams;
};
GeneratedLink generate_link(const Input& input);

/// Options: peer, modulo 3 (tocsin with itself, with an OpenSSL server, with an OpenSSL client), seed, entry_point (odd: an
/// OpenSSL server without cookies), chunk_bytes (the MTU is 256 and 5 times that), server_suites, server_certificate and
/// server_alpn, which are both ends', server_connection_id, client_connection_id.
link::Endpoints generate_endpoints(const Input& input);

/// Option address_change; of tocsin with itself, and where the server has a connection id to know the client by.
link::Moves generate_moves(const Input& input);

}  // namespace tocsin::harness
