#pragma once
// One input as the first flight to tocsin and to OpenSSL, set up alike, and what the ledger says of the two verdicts.
#include <functional>

#include "harnesses/differential/compare.h"
#include "harnesses/scenarios/input.h"
#include "harnesses/stacks/openssl/program.h"

namespace tocsin::harness {

/// The body is what a client sends. Options: seed, chunk_bytes, entry_point and the server's, of which extended_master_secret
/// is as OpenSSL has it.
differential::Comparison server_first_flight(const Input& input);

/// The body is what a server sends. Wherever session_id_marker stands in it, each client finds the session id of its own
/// ClientHello. Options: seed, chunk_bytes and the client's, of which key_shares and record_size_limit are as OpenSSL has them.
differential::Comparison client_first_flight(const Input& input);
/// The body as tocsin's client finds it.
Bytes client_first_flight_body(const Input& input);
inline constexpr std::string_view session_id_marker = "<the session id of this client!>";
static_assert(session_id_marker.size() == 32);

/// What OpenSSL is fed by an input of one of the two targets. target: its name; nothing for any other.
std::optional<stacks::FirstFlight> first_flight_for_openssl(std::string_view target, const Input& input);

/// Shows what is compared, while it lasts: the verdicts look into the peers.
using CaseObserver = std::function<void(const differential::Case&)>;
void see_server_first_flight(const Input& input, const CaseObserver& see);
void see_client_first_flight(const Input& input, const CaseObserver& see);

/// Counts the comparison; an unknown divergence is a finding.
void require_known(const differential::Comparison& comparison, std::string_view target);

}  // namespace tocsin::harness
