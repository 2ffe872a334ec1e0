#pragma once
// Each target whose inputs break rules: what the stacks make of one.
#include "harnesses/scenarios/testing.h"
#include "harnesses/stacks/stack.h"

namespace tocsin::harness {

Judged server_first_flight_of_tocsin(const Input& input);
Judged client_first_flight_of_tocsin(const Input& input);
Judged client_script_of_tocsin(const Input& input);
Judged server_script_of_tocsin(const Input& input);
/// Of any stack, with what is written to it in one piece. Throws stacks::Unsupported.
Judged server_first_flight_of(stacks::Stack& stack, const Input& input);
Judged client_first_flight_of(stacks::Stack& stack, const Input& input);
Judged client_script_of(stacks::Stack& stack, const Input& input);
Judged server_script_of(stacks::Stack& stack, const Input& input);
/// What outlives the end.
Judged judged_end(const stacks::Peer& end, std::optional<rules::Reading> reading, differential::Verdict verdict);
/// Of the last stray. OpenSSL's is that of DTLSv1_listen and of SSL_accept with cookies which is not permitted, if one is.
Judged dtls_listen_openssl_of_tocsin(const Input& input);
Judged dtls_listen_openssl_of_openssl(const Input& input);
Judged dtls_listen_of_tocsin(const Input& input);

}  // namespace tocsin::harness
