#pragma once
/// @file
/// Why a connection failed. One row per Reason: name, the alert that it sends, the clause that demands it, one sentence for
/// people. The alert map is generated from these rows and is total: a Reason without an alert does not compile.
#include <cstdint>
#include <string_view>

#include "tocsin/alert.h"

// clang-format off
//= RFC 9846 6 //# MUST terminate the connection with a "decode_error" alert.
//= RFC 9846 6 //# e.g., a DHE share of p - 1, or an invalid enum) MUST terminate the connection with an
#define TOCSIN_REASONS(X) \
  /* record layer */ \
  X(record_type_unknown,            unexpected_message,  "RFC 9846 5",       "The record's content type is none that TLS defines.") \
  X(record_version_wrong,           protocol_version,    "RFC 9846 E.5",     "The record's version is older than SSL 3.0, so this is not TLS.") \
  X(record_overflow,                record_overflow,     "RFC 9846 5.1",     "The record is longer than the protocol or the agreed record_size_limit allows.") \
  X(record_empty,                   unexpected_message,  "RFC 9846 5.4",     "A handshake or alert record with nothing in it.") \
  X(record_unprotected,             unexpected_message,  "RFC 9846 5",       "A plaintext record where only protected ones are allowed.") \
  X(record_early_application_data,  unexpected_message,  "RFC 9846 5",       "Application data before the handshake allows it.") \
  X(record_bad_mac,                 bad_record_mac,      "RFC 9846 5.2",     "The record does not authenticate under the keys in force.") \
  X(record_without_content_type,    unexpected_message,  "RFC 9846 5.4",     "The protected record holds padding only, and no content type.") \
  X(record_inner_type_wrong,        unexpected_message,  "RFC 9846 5.2",     "The protected record carries a content type that may not be protected.") \
  X(record_sequence_exhausted,      internal_error,      "RFC 9846 5.3",     "The sequence numbers of the keys in force are used up.") \
  X(empty_records_too_many,         unexpected_message,  "RFC 9846 5.4",     "More empty application data records in a row than the limit allows.") \
  X(early_data_too_long,            unexpected_message,  "RFC 9846 4.3.10",  "More rejected early data than the limit allows to skip.") \
  X(change_cipher_spec_unexpected,  unexpected_message,  "RFC 9846 5",       "A change_cipher_spec before the ClientHello or after the handshake.") \
  X(change_cipher_spec_malformed,   unexpected_message,  "RFC 9846 5",       "A change_cipher_spec that is not the single byte 1.") \
  X(change_cipher_spec_too_many,    unexpected_message,  "RFC 9846 E.4",     "More change_cipher_spec records than the limit allows.") \
  X(alert_malformed,                decode_error,        "RFC 9846 6",       "The alert record does not hold exactly one alert.") \
  X(alert_level_invalid,            illegal_parameter,   "RFC 5246 7.2",     "The alert's level is neither warning nor fatal, and the version may be TLS 1.2, where it counts.") \
  X(alert_warnings_too_many,        unexpected_message,  "RFC 9846 6.1",     "More warning alerts than the limit allows.") \
  X(transport_truncated,            decode_error,        "RFC 9846 6.1",     "The transport ended without close_notify: what arrived may be incomplete.") \
  /* handshake framing */ \
  X(message_unexpected,             unexpected_message,  "RFC 9846 4",       "A handshake message that this state does not allow.") \
  X(message_interleaved,            unexpected_message,  "RFC 9846 5.1",     "A record of another type between the fragments of a handshake message.") \
  X(message_spans_key_change,       unexpected_message,  "RFC 9846 5.1",     "Handshake bytes follow a message after which the keys change, in the same record.") \
  X(message_length_impossible,      decode_error,        "RFC 9846 6",       "The handshake message is longer than its syntax allows.") \
  X(message_too_long,               illegal_parameter,   "RFC 9846 4",       "The handshake message is longer than the limit for its kind, though its syntax allows it.") \
  X(message_malformed,              decode_error,        "RFC 9846 6.2",     "The handshake message cannot be decoded: a length or a range is wrong.") \
  X(post_handshake_messages_too_many, unexpected_message, "RFC 9846 4.7",    "More messages after the handshake than the limit allows, for so little application data between them.") \
  X(key_update_request_invalid,     illegal_parameter,   "RFC 9846 4.7.3",   "KeyUpdate.request_update is neither 0 nor 1.") \
  /* extensions */ \
  X(extension_malformed,            decode_error,        "RFC 9846 6.2",     "The body of an extension cannot be decoded.") \
  X(extension_duplicate,            illegal_parameter,   "RFC 9846 4.3",     "The same extension stands twice in one message.") \
  X(extension_misplaced,            illegal_parameter,   "RFC 9846 4.3",     "An extension in a message that may not carry it.") \
  X(extension_unsolicited,          unsupported_extension, "RFC 9846 4.3",   "An answer to an extension that was not offered.") \
  X(extension_missing,              missing_extension,   "RFC 9846 9.2",     "An extension that the message must carry is not there.") \
  X(pre_shared_key_not_last,        illegal_parameter,   "RFC 9846 4.3.11",  "pre_shared_key is not the last extension of the ClientHello.") \
  X(pre_shared_key_binders_mismatch, illegal_parameter,  "RFC 9846 4.3.11",  "pre_shared_key holds another number of binders than of identities.") \
  X(early_data_unexpected,          illegal_parameter,   "RFC 9846 4.3.10",  "early_data in a ClientHello that may not offer it.") \
  X(cookie_unexpected,              illegal_parameter,   "RFC 9846 4.3.2",   "A cookie that answers no HelloRetryRequest of ours.") \
  X(server_name_invalid,            illegal_parameter,   "RFC 6066 3",       "The server name is not a host name.") \
  X(server_name_duplicate,          illegal_parameter,   "RFC 6066 3",       "Two names of one type in server_name.") \
  X(point_formats_invalid,          illegal_parameter,   "RFC 8422 5.1.2",   "ec_point_formats does not list the uncompressed format.") \
  X(renegotiation_info_invalid,     handshake_failure,   "RFC 5746 3.4",     "renegotiation_info holds something, though this is no renegotiation.") \
  X(renegotiation_info_missing,     handshake_failure,   "RFC 5746 4.1",     "The server does not know secure renegotiation, so its peer may be another than it seems.") \
  X(extended_master_secret_missing, handshake_failure,   "RFC 7627 5.2",     "The peer does not negotiate extended_master_secret, and the configuration requires it.") \
  X(extended_master_secret_changed, handshake_failure,   "RFC 7627 5.3",     "The session that is resumed had extended_master_secret, and this handshake has not.") \
  X(record_size_limit_invalid,      illegal_parameter,   "RFC 8449 4",       "record_size_limit is outside the range that the protocol allows.") \
  X(max_fragment_length_invalid,    illegal_parameter,   "RFC 6066 4",       "max_fragment_length is none of the lengths that are allowed, or not the one that the client asked for.") \
  X(record_limits_ambiguous,        illegal_parameter,   "RFC 8449 5",       "The server answered both max_fragment_length and record_size_limit.") \
  X(connection_id_too_long,         illegal_parameter,   "RFC 9146 3",       "The server's connection id is longer than the limit allows.") \
  /* negotiation */ \
  X(version_unsupported,            protocol_version,    "RFC 9846 4.3.1",   "The peer offers no protocol version that is enabled here.") \
  X(legacy_version_wrong,           protocol_version,    "RFC 9846 4.2.2",   "legacy_version in a hello of TLS 1.3 is not 0x0303.") \
  X(version_not_offered,            illegal_parameter,   "RFC 9846 4.3.1",   "The server selected a protocol version that was not offered.") \
  X(version_changed,                illegal_parameter,   "RFC 9846 4.2.4",   "The ServerHello selects another version than the HelloRetryRequest.") \
  X(fallback_inappropriate,         inappropriate_fallback, "RFC 7507 3",    "The client fell back to a version lower than both ends speak.") \
  X(downgrade_detected,             illegal_parameter,   "RFC 9846 4.2.3",   "The server's random says that it speaks a higher version than it selected: somebody is in between.") \
  X(compression_invalid,            illegal_parameter,   "RFC 9846 4.2.2",   "The compression methods are not exactly the null method, or in TLS 1.2 do not hold it.") \
  X(session_id_echo_wrong,          illegal_parameter,   "RFC 9846 4.2.3",   "legacy_session_id_echo differs from what the ClientHello carried.") \
  X(no_common_cipher_suite,         handshake_failure,   "RFC 9846 4.2.1",   "Client and server share no cipher suite.") \
  X(no_common_group,                handshake_failure,   "RFC 9846 4.2.1",   "Client and server share no key exchange group.") \
  X(no_common_signature_scheme,     handshake_failure,   "RFC 9846 4.5.1.2", "No certificate here can sign with a scheme that the peer accepts.") \
  X(no_common_application_protocol, no_application_protocol, "RFC 7301 3.2", "Client and server share no application protocol.") \
  X(cipher_suite_not_offered,       illegal_parameter,   "RFC 9846 4.2.3",   "The server selected a cipher suite that was not offered.") \
  X(session_cipher_suite_changed,   illegal_parameter,   "RFC 5246 7.4.1.3", "The server resumes a session with another cipher suite than the session's.") \
  X(cipher_suite_changed,           illegal_parameter,   "RFC 9846 4.2.4",   "The cipher suite differs from the HelloRetryRequest's.") \
  X(group_not_offered,              illegal_parameter,   "RFC 9846 4.3.8",   "The server selected a group that was not offered.") \
  X(application_protocol_not_offered, illegal_parameter, "RFC 7301 3.1",     "The server selected an application protocol that was not offered.") \
  X(retry_without_change,           illegal_parameter,   "RFC 9846 4.2.4",   "The HelloRetryRequest would not change the ClientHello.") \
  X(retry_ignored,                  illegal_parameter,   "RFC 9846 4.2.2",   "The second ClientHello differs from the first in more, or in less, than the HelloRetryRequest asked for.") \
  /* keys, certificates, proofs */ \
  X(curve_type_unsupported,         illegal_parameter,   "RFC 8422 5.4",     "The ServerKeyExchange is not over a named curve.") \
  X(certificate_key_wrong,          illegal_parameter,   "RFC 5246 7.4.2",   "The certificate's key is not of the kind that the cipher suite names.") \
  X(key_share_invalid,              illegal_parameter,   "RFC 9846 4.3.8",   "The key share is not a valid public key of its group.") \
  X(key_share_group_wrong,          illegal_parameter,   "RFC 9846 4.3.8",   "A key share for a group that supported_groups does not list.") \
  X(key_share_duplicate,            illegal_parameter,   "RFC 9846 4.3.8",   "Two key shares for one group.") \
  X(client_certificate_missing,     handshake_failure,   "RFC 5246 7.4.6",   "The client of TLS 1.2 sent no certificate, and the configuration requires one.") \
  X(certificate_list_empty,         decode_error,        "RFC 9846 4.5.1.3", "The server sent no certificate.") \
  X(certificate_required,           certificate_required, "RFC 9846 4.5.1.3", "The client showed no certificate, and this server requires one.") \
  X(certificate_context_invalid,    illegal_parameter,   "RFC 9846 4.5.1",   "certificate_request_context is not what it must be here.") \
  X(certificate_malformed,          bad_certificate,     "RFC 9846 6.2",     "A certificate cannot be parsed or its chain does not verify.") \
  X(certificate_key_unsupported,    unsupported_certificate, "RFC 9846 4.5.1", "The certificate's key is of a kind that is not supported or not allowed to sign.") \
  X(certificate_signature_weak,     bad_certificate,     "RFC 9846 4.5.1.3", "A certificate that has to be validated is signed over MD5 or SHA-1.") \
  X(certificate_expired,            certificate_expired, "RFC 9846 6.2",     "A certificate is expired or not yet valid.") \
  X(certificate_revoked,            certificate_revoked, "RFC 9846 6.2",     "A certificate was revoked.") \
  X(certificate_issuer_unknown,     unknown_ca,          "RFC 9846 6.2",     "The chain does not lead to a trusted authority.") \
  X(certificate_name_mismatch,      bad_certificate,     "RFC 9525 6",       "The certificate is not for the name that was asked for.") \
  X(signature_scheme_not_offered,   illegal_parameter,   "RFC 9846 4.5.2",   "A signature with a scheme that was not offered or does not fit the key.") \
  X(signature_invalid,              decrypt_error,       "RFC 9846 4.5.2",   "The CertificateVerify signature does not verify.") \
  X(finished_invalid,               decrypt_error,       "RFC 9846 4.5.3",   "The Finished message does not match the handshake.") \
  /* ours */ \
  X(handshake_timed_out,            internal_error,      "RFC 6347 4.2.4.1", "A flight was sent as often as the limits allow and never answered, or only in part, or the handshake took longer than it may.") \
  X(crypto_failed,                  internal_error,      "RFC 9846 6.2",     "The crypto library failed.") \
  X(application_failed,             internal_error,      "RFC 9846 6.2",     "A callback of the application threw an exception, the configuration it chose cannot be used, or memory ran out.") \
  X(invariant_broken,               internal_error,      "RFC 9846 6.2",     "An invariant of this library does not hold; this is a bug here.")
// clang-format on

namespace tocsin {

/// Why a connection failed. Each sends one alert (alert_for), stands on one clause (clause_of) and has one sentence
/// (sentence_of).
enum class Reason : std::uint8_t {
#define X(name, alert, clause, sentence) name,
  TOCSIN_REASONS(X)
#undef X
};

//= RFC 9846 6.2 //# that the implementation MUST send alert X if it sends any alert.
/// The alert that a Reason sends (RFC 9846 section 6.2). Total: every Reason has one.
constexpr AlertDescription alert_for(Reason why) {
  switch (why) {
#define X(name, alert, clause, sentence) \
  case Reason::name:                     \
    return AlertDescription::alert;
    TOCSIN_REASONS(X)
#undef X
  }
  __builtin_unreachable();
}

/// The Reason's identifier, as in the source: "record_overflow".
std::string_view name_of(Reason why);
/// The clause that demands the refusal: "RFC 9846 5.1".
std::string_view clause_of(Reason why);
/// One sentence for people.
std::string_view sentence_of(Reason why);

}  // namespace tocsin
