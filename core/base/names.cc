// Names and sentences of the tables in the public headers.
#include <string>

#include "core/base/invariants.h"
#include "tocsin/algorithms.h"
#include "tocsin/error.h"
#include "tocsin/reason.h"

namespace tocsin {

std::string_view alert_name(AlertDescription description) {
  switch (description) {
    case AlertDescription::close_notify:
      return "close_notify";
    case AlertDescription::unexpected_message:
      return "unexpected_message";
    case AlertDescription::bad_record_mac:
      return "bad_record_mac";
    case AlertDescription::record_overflow:
      return "record_overflow";
    case AlertDescription::handshake_failure:
      return "handshake_failure";
    case AlertDescription::bad_certificate:
      return "bad_certificate";
    case AlertDescription::unsupported_certificate:
      return "unsupported_certificate";
    case AlertDescription::certificate_revoked:
      return "certificate_revoked";
    case AlertDescription::certificate_expired:
      return "certificate_expired";
    case AlertDescription::certificate_unknown:
      return "certificate_unknown";
    case AlertDescription::illegal_parameter:
      return "illegal_parameter";
    case AlertDescription::unknown_ca:
      return "unknown_ca";
    case AlertDescription::access_denied:
      return "access_denied";
    case AlertDescription::decode_error:
      return "decode_error";
    case AlertDescription::decrypt_error:
      return "decrypt_error";
    case AlertDescription::protocol_version:
      return "protocol_version";
    case AlertDescription::insufficient_security:
      return "insufficient_security";
    case AlertDescription::internal_error:
      return "internal_error";
    case AlertDescription::inappropriate_fallback:
      return "inappropriate_fallback";
    case AlertDescription::user_canceled:
      return "user_canceled";
    case AlertDescription::no_renegotiation:
      return "no_renegotiation";
    case AlertDescription::missing_extension:
      return "missing_extension";
    case AlertDescription::unsupported_extension:
      return "unsupported_extension";
    case AlertDescription::unrecognized_name:
      return "unrecognized_name";
    case AlertDescription::bad_certificate_status_response:
      return "bad_certificate_status_response";
    case AlertDescription::unknown_psk_identity:
      return "unknown_psk_identity";
    case AlertDescription::certificate_required:
      return "certificate_required";
    case AlertDescription::general_error:
      return "general_error";
    case AlertDescription::no_application_protocol:
      return "no_application_protocol";
  }
  return "unknown";  // a byte from the wire
}

std::string_view name_of(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::tls12:
      return "TLSv1.2";
    case ProtocolVersion::tls13:
      return "TLSv1.3";
    case ProtocolVersion::dtls12:
      return "DTLSv1.2";
  }
  return "unknown";
}

std::string_view name_of(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::aes_128_gcm_sha256:
      return "TLS_AES_128_GCM_SHA256";
    case CipherSuite::aes_256_gcm_sha384:
      return "TLS_AES_256_GCM_SHA384";
    case CipherSuite::chacha20_poly1305_sha256:
      return "TLS_CHACHA20_POLY1305_SHA256";
    case CipherSuite::ecdhe_ecdsa_aes_128_gcm_sha256:
      return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    case CipherSuite::ecdhe_ecdsa_aes_256_gcm_sha384:
      return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    case CipherSuite::ecdhe_rsa_aes_128_gcm_sha256:
      return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    case CipherSuite::ecdhe_rsa_aes_256_gcm_sha384:
      return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    case CipherSuite::ecdhe_rsa_chacha20_poly1305_sha256:
      return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
    case CipherSuite::ecdhe_ecdsa_chacha20_poly1305_sha256:
      return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
  }
  return "unknown";
}

std::string_view name_of(NamedGroup group) {
  switch (group) {
    case NamedGroup::secp256r1:
      return "secp256r1";
    case NamedGroup::secp384r1:
      return "secp384r1";
    case NamedGroup::x25519:
      return "x25519";
  }
  return "unknown";
}

std::string_view name_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha256:
      return "rsa_pkcs1_sha256";
    case SignatureScheme::rsa_pkcs1_sha384:
      return "rsa_pkcs1_sha384";
    case SignatureScheme::rsa_pkcs1_sha512:
      return "rsa_pkcs1_sha512";
    case SignatureScheme::ecdsa_secp256r1_sha256:
      return "ecdsa_secp256r1_sha256";
    case SignatureScheme::ecdsa_secp384r1_sha384:
      return "ecdsa_secp384r1_sha384";
    case SignatureScheme::ecdsa_secp521r1_sha512:
      return "ecdsa_secp521r1_sha512";
    case SignatureScheme::rsa_pss_rsae_sha256:
      return "rsa_pss_rsae_sha256";
    case SignatureScheme::rsa_pss_rsae_sha384:
      return "rsa_pss_rsae_sha384";
    case SignatureScheme::rsa_pss_rsae_sha512:
      return "rsa_pss_rsae_sha512";
    case SignatureScheme::ed25519:
      return "ed25519";
  }
  return "unknown";
}

#define X(name, alert, clause, sentence) \
  case Reason::name:                     \
    return #name;
std::string_view name_of(Reason why) {
  switch (why) { TOCSIN_REASONS(X) }
  __builtin_unreachable();
}
#undef X
#define X(name, alert, clause, sentence) \
  case Reason::name:                     \
    return clause;
std::string_view clause_of(Reason why) {
  switch (why) { TOCSIN_REASONS(X) }
  __builtin_unreachable();
}
#undef X
#define X(name, alert, clause, sentence) \
  case Reason::name:                     \
    return sentence;
std::string_view sentence_of(Reason why) {
  switch (why) { TOCSIN_REASONS(X) }
  __builtin_unreachable();
}
#undef X

#define X(id, statement, source, checked) \
  case Invariant::id:                     \
    return #id;
std::string_view name_of(Invariant invariant) {
  switch (invariant) { TOCSIN_INVARIANTS(X) }
  __builtin_unreachable();
}
#undef X
#define X(id, statement, source, checked) \
  case Invariant::id:                     \
    return statement;
std::string_view statement_of(Invariant invariant) {
  switch (invariant) { TOCSIN_INVARIANTS(X) }
  __builtin_unreachable();
}
#undef X

std::string_view sentence_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::handshake_not_complete:
      return "The handshake is not complete yet; wait for Event::handshake_complete.";
    case Misuse::closed_for_writing:
      return "This side has sent close_notify; nothing can be sent after it.";
    case Misuse::key_update_unavailable:
      return "the connection speaks TLS 1.2, which has no KeyUpdate";
    case Misuse::peer_unknown:
      return "there is no association with this address";
    case Misuse::datagram_too_long:
      return "the data do not fit into a datagram; send them in parts, or raise datagram_bytes_max";
    case Misuse::closed_by_caller:
      return "The connection was closed during the handshake.";
    case Misuse::label_or_length_invalid:
      return "An exporter label is at most 249 bytes, its output at most 255 hashes.";
    case Misuse::already_consumed:
      return "This object has handed its connection on; use what it gave.";
    case Misuse::server_name_invalid:
      return "The server name is neither a host name nor an IP address.";
    case Misuse::called_from_callback:
      return "A callback called the object that it was called by; wait until that call has returned.";
    case Misuse::config_missing:
      return "The configuration is null.";
    case Misuse::provider_missing:
      return "The configuration has no provider; make_openssl_provider makes one.";
    case Misuse::verifier_missing:
      return "The client has no verifier, so it cannot tell whom to trust; trust_system_store makes one.";
    case Misuse::client_verifier_missing:
      return "The server asks for client certificates but has no client_verifier; trust_clients_path makes one.";
    case Misuse::certificate_missing:
      return "The server has no certificate; certified_key_from_files loads one.";
    case Misuse::certificate_incomplete:
      return "A certificate of the configuration is null, or has no chain or no key.";
    case Misuse::config_out_of_range:
      return "A value of the configuration is outside the range that config.h gives for it.";
  }
  __builtin_unreachable();
}

namespace {

std::string name_and_number(AlertDescription alert) {
  return std::string(alert_name(alert)) + " " + std::to_string(static_cast<unsigned>(alert));
}

}  // namespace

std::string Error::describe() const {
  std::string text;
  if (const Fatal* found = fatal()) {
    text.append(name_of(found->why)).append(": ").append(sentence_of(found->why));
    if (found->broken) text.append(" Broken: ").append(name_of(*found->broken)).append(".");
    if (found->unauthenticated_alert)
      text.append(" The peer, unauthenticated, said ").append(name_and_number(*found->unauthenticated_alert)).append(".");
    text.append(" (alert sent: ").append(name_and_number(alert_for(found->why)));
    text.append("; ").append(clause_of(found->why)).append(")");
  } else if (const PeerAlert* received = peer_alert()) {
    text.append("peer_alert: the peer ended the connection with alert ")
        .append(name_and_number(received->description))
        .append(" (RFC 9846 6)");
  } else {
    text.append("misuse: ").append(sentence_of(*misuse()));
  }
  return text;
}

}  // namespace tocsin
