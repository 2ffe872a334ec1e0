#pragma once
/// @file
/// Alerts (RFC 9846 6).
#include <cstdint>
#include <string_view>

namespace tocsin {

/// In TLS 1.3 the description implies the level (RFC 9846 6).
enum class AlertLevel : std::uint8_t {
  warning = 1,  ///< of close_notify and user_canceled
  fatal = 2,    ///< of all others
};

//= RFC 9846 B //# TLS 1.3 implementations MUST NOT send them but might receive them from older TLS
//= RFC 5246 7.2.2 //# It MUST NOT be sent by compliant implementations.
/// Every description that IANA lists for TLS 1.2, 1.3 and DTLS; a received byte outside this list is kept as it came.
enum class AlertDescription : std::uint8_t {
  close_notify = 0,                       ///< the sender will send no more (RFC 9846 6.1)
  unexpected_message = 10,                ///< a message or record that is not allowed now
  bad_record_mac = 20,                    ///< a record that does not authenticate
  record_overflow = 22,                   ///< a record that is longer than allowed
  handshake_failure = 40,                 ///< the two ends share no acceptable parameters
  bad_certificate = 42,                   ///< a certificate is corrupt, or its signature does not verify
  unsupported_certificate = 43,           ///< a certificate of a kind that is not supported
  certificate_revoked = 44,               ///< a certificate was revoked
  certificate_expired = 45,               ///< a certificate is expired or not yet valid
  certificate_unknown = 46,               ///< a certificate is not acceptable for another reason
  illegal_parameter = 47,                 ///< a field is out of its range or contradicts others
  unknown_ca = 48,                        ///< no chain to a trusted authority
  access_denied = 49,                     ///< the certificate is valid, but access is refused
  decode_error = 50,                      ///< a message cannot be decoded
  decrypt_error = 51,                     ///< a signature, a Finished or a binder does not verify
  protocol_version = 70,                  ///< the version is not supported
  insufficient_security = 71,             ///< the peer wants stronger parameters
  internal_error = 80,                    ///< a failure that the other end did not cause
  inappropriate_fallback = 86,            ///< the client offered a lower version than it had to (RFC 7507)
  user_canceled = 90,                     ///< the sender abandons the handshake, but not because of an error
  no_renegotiation = 100,                 ///< the sender will not renegotiate; TLS 1.2 and older (RFC 5246 7.2.2)
  missing_extension = 109,                ///< a mandatory extension is missing
  unsupported_extension = 110,            ///< an extension that is not allowed there
  unrecognized_name = 112,                ///< the server does not serve the requested name (RFC 6066 3)
  bad_certificate_status_response = 113,  ///< an OCSP response that is not acceptable (RFC 6066 8)
  unknown_psk_identity = 115,             ///< an unknown pre-shared key
  certificate_required = 116,             ///< the server requires a client certificate
  general_error = 117,            ///< an error without a description of its own, or one that is kept private (RFC 9846 6.2)
  no_application_protocol = 120,  ///< no application protocol in common (RFC 7301 3.2)
};

/// The RFC's name of a description, or "unknown".
std::string_view alert_name(AlertDescription description);

}  // namespace tocsin
