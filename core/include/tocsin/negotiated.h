#pragma once
/// @file
/// What a connection reports: events, and the parameters that the handshake agreed on.
#include <cstdint>
#include <string>

#include "tocsin/algorithms.h"
#include "tocsin/bytes.h"

namespace tocsin {

/// Something that happened. Events are reported in order.
enum class Event : std::uint8_t {
  handshake_complete,  ///< the peer's Finished is verified
  peer_closed,         ///< close_notify: the peer will send no more
  peer_updated_keys,   ///< KeyUpdate received
  session_ticket,      ///< NewSessionTicket received, and not used
};

/// The parameters that a handshake agreed on.
struct Negotiated {
  ProtocolVersion version = ProtocolVersion::tls13;  ///< one of the configuration's
  CipherSuite cipher_suite{};                        ///< protects all records
  NamedGroup group{};                                ///< of the key exchange, if there was one
  SignatureScheme signature_scheme{};                ///< of the server's CertificateVerify
  std::string application_protocol;                  ///< ALPN, or empty
  std::string server_name;                           ///< SNI, or empty
  bool retried = false;                              ///< with a HelloRetryRequest
  /// TLS 1.2: an earlier connection's session was resumed (RFC 5246 7.3), so there was no key exchange, and group and schemes
  /// are 0.
  bool resumed = false;
  /// The client's own certificate, DER, which its CertificateVerify proved, in the session's first handshake if the session was
  /// resumed. A server has verified its chain, too. Empty: the client did not authenticate.
  Bytes client_certificate;
  SignatureScheme client_signature_scheme{};  ///< of that CertificateVerify, or 0
  Bytes connection_id;                        ///< DTLS: in the peer's records to this end (RFC 9146), or empty
  Bytes peer_connection_id;                   ///< DTLS: in this end's records to the peer, or empty
};

/// Whether a KeyUpdate asks the peer to change its keys as well (RFC 9846 4.7.3).
enum class KeyUpdateRequest : std::uint8_t {
  update_not_requested = 0,  ///< only the sender changes its keys
  update_requested = 1,      ///< both do
};

}  // namespace tocsin
