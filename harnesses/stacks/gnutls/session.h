#pragma once
// GnuTLS's side of a PeerConfig. Credentials cost milliseconds, so there is one for each certificate, made at first use and
// kept; what a session wants otherwise is set on the session alone.
#include <gnutls/gnutls.h>

#include <memory>
#include <string>

#include "harnesses/stacks/peer_config.h"

namespace tocsin::stacks {

struct GnuTlsFree {
  void operator()(gnutls_session_t session) const { gnutls_deinit(session); }
};
using GnuTlsSessionPtr = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, GnuTlsFree>;

/// What a configuration comes to with GnuTLS: see README.md.
PeerConfig adapted_to_gnutls(PeerConfig config);

/// "NONE:+VERS-TLS1.3:+AES-128-GCM:...", what gnutls_priority_init is told.
std::string priorities_of(Role role, const PeerConfig& config);

/// A session set up as config says, without transport functions. Aborts if GnuTLS refuses the configuration: that would be a
/// mistake in the harness.
GnuTlsSessionPtr make_gnutls_session(Role role, const PeerConfig& config);

/// What the function for gnutls_session_set_verify_function gives: the peer's chain is trusted, and for its purpose and name.
int verify_by_gnutls(gnutls_session_t session, Role role, const PeerConfig& config);

}  // namespace tocsin::stacks
