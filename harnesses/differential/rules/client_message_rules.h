#pragma once
// The rules about the order of a client's messages in plaintext, and about those of TLS 1.2 behind the ServerHelloDone. Seeds:
// corpus/server_first_flight/rule/. Columns: rules.h.

// clang-format off
#define TOCSIN_CLIENT_MESSAGE_RULES(X) \
  X(hello_request_of_client,        server_first_flight, any,   must_refuse, "unexpected_message", "RFC 5246 7.4.1.1", "A client sends no HelloRequest.") \
  X(client_hello_repeated,          server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4", "No ClientHello follows in the handshake that the first has begun.") \
  X(message_of_server,              server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4", "A client sends the messages of a client.") \
  X(certificate_syntax,             server_first_flight, tls12, must_refuse, "decode_error", "RFC 5246 7.4.6", "A Certificate is a list of certificates, each as long as its length says.") \
  X(certificate_malformed,          server_first_flight, tls12, must_refuse, "bad_certificate certificate_unknown unsupported_certificate decode_error", "RFC 5246 7.4.6", "The certificates of a client are ones of X.509.") \
  X(certificate_missing,            server_first_flight, tls12, must_refuse, "handshake_failure", "RFC 5246 7.4.6", "A client sends a certificate to a server that is configured to need one.") \
  X(certificate_unasked,            server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.6", "A client sends a Certificate once, and only if it was asked for.") \
  X(certificate_skipped,            server_first_flight, tls12, must_refuse, "unexpected_message handshake_failure", "RFC 5246 7.4.6", "A client that is asked for a Certificate sends it before its ClientKeyExchange, be it empty.") \
  X(key_exchange_syntax,            server_first_flight, tls12, must_refuse, "decode_error", "RFC 8422 5.7", "A ClientKeyExchange is a point as long as its length says.") \
  X(key_exchange_point_empty,       server_first_flight, tls12, must_refuse, "decode_error", "RFC 8422 5.7", "The point of a ClientKeyExchange has one byte at least.") \
  X(key_exchange_point_length,      server_first_flight, tls12, must_refuse, "illegal_parameter decode_error", "RFC 8422 5.4", "The point of a ClientKeyExchange is as long as its group's.") \
  X(key_exchange_point_form,        server_first_flight, tls12, must_refuse, "illegal_parameter decode_error", "RFC 8422 5.1.2", "The point of a ClientKeyExchange is in the uncompressed form.") \
  X(key_exchange_point_invalid,     server_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 8422 5.11", "The point of a ClientKeyExchange is on the curve.") \
  X(key_exchange_secret_zero,       server_first_flight, tls12, must_refuse, "illegal_parameter handshake_failure", "RFC 8422 5.11", "The shared secret is not all zeros.") \
  X(key_exchange_repeated,          server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.7", "A client sends one ClientKeyExchange.") \
  X(certificate_verify_unfounded,   server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.8", "A CertificateVerify follows only where the client has sent a certificate.") \
  X(change_cipher_spec_before_key_exchange, server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.1", "change_cipher_spec follows the ClientKeyExchange.") \
  X(finished_unprotected,           server_first_flight, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.9", "Finished follows a change_cipher_spec.")
// clang-format on
