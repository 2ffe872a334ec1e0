#pragma once
// What a connection tells of itself: events, and what the handshake agreed on.
#include <cstdint>
#include <string>

#include "tocsin/algorithms.h"

namespace tocsin {

enum class Event : std::uint8_t {
  handshake_complete,  // the peer's Finished is verified
  peer_closed,         // close_notify: the peer will send no more
  peer_updated_keys,   // KeyUpdate received
  session_ticket,      // NewSessionTicket received (and not used)
};

/// What a handshake agreed on.
struct Negotiated {
  ProtocolVersion version = ProtocolVersion::tls13;
  CipherSuite cipher_suite{};
  NamedGroup group{};
  SignatureScheme signature_scheme{};  // of the server's CertificateVerify
  std::string application_protocol;    // ALPN, or empty
  std::string server_name;             // SNI, or empty
  bool retried = false;                // with a HelloRetryRequest
};

enum class KeyUpdateRequest : std::uint8_t { update_not_requested = 0, update_requested = 1 };

}  // namespace tocsin
