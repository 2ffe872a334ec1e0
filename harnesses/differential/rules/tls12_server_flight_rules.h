#pragma once
// The rules about what a server of TLS 1.2 sends behind its ServerHello, for the client that gets it: ECDHE with a certificate,
// which is all that is offered here. Seeds: corpus/client_first_flight/rule/. Columns: rules.h.

// clang-format off
#define TOCSIN_TLS12_SERVER_FLIGHT_RULES(X) \
  X(tls12_certificate_expected,     client_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.3", "A Certificate is next behind the ServerHello.") \
  X(tls12_certificate_syntax,       client_first_flight, tls12, must_refuse, "decode_error", "RFC 5246 7.4.2", "A Certificate is a list of certificates, each as long as its length says.") \
  X(tls12_certificate_empty,        client_first_flight, tls12, must_refuse, "decode_error bad_certificate", "RFC 5246 7.4.2", "A certificate has one byte at least.") \
  X(tls12_certificate_list_empty,   client_first_flight, tls12, must_refuse, "decode_error illegal_parameter bad_certificate handshake_failure", "RFC 5246 7.4.2", "A server's certificate_list has its own certificate at least.") \
  X(tls12_certificate_malformed,    client_first_flight, tls12, must_refuse, "bad_certificate certificate_unknown unsupported_certificate decode_error", "RFC 5246 7.4.2", "The server's own certificate is one of X.509.") \
  X(tls12_certificates_more,        client_first_flight, tls12, may_refuse,  "bad_certificate certificate_unknown unsupported_certificate unknown_ca decode_error", "RFC 5246 7.4.2", "Each certificate behind the server's own certifies the one before it.") \
  X(tls12_key_exchange_expected,    client_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.3", "A ServerKeyExchange is next behind the Certificate.") \
  X(tls12_key_exchange_syntax,      client_first_flight, tls12, must_refuse, "decode_error", "RFC 8422 5.4", "A ServerKeyExchange is a curve, a point and a signature, each as long as its length says.") \
  X(tls12_point_empty,              client_first_flight, tls12, must_refuse, "decode_error illegal_parameter", "RFC 8422 5.4", "A point has one byte at least.") \
  X(tls12_curve_type,               client_first_flight, tls12, must_refuse, "illegal_parameter handshake_failure decode_error", "RFC 8422 5.4", "The curve of a ServerKeyExchange is a named one.") \
  X(tls12_group_not_offered,        client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 8422 5.4", "The curve of a ServerKeyExchange is one that the client offered.") \
  X(tls12_scheme_not_offered,       client_first_flight, tls12, must_refuse, "illegal_parameter handshake_failure", "RFC 5246 7.4.3", "A ServerKeyExchange is signed with a scheme that the client offered.") \
  X(tls12_scheme_of_another_key,    client_first_flight, tls12, must_refuse, "illegal_parameter handshake_failure decrypt_error", "RFC 5246 7.4.3", "The scheme that signs a ServerKeyExchange suits the key in the server's certificate.")
// clang-format on
