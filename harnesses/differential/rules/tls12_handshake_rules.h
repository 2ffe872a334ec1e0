#pragma once
// The rules about what comes behind the hellos of TLS 1.2: the order of messages, the change of keys, what is under them. Seeds:
// corpus/client_script/rule/, corpus/server_script/rule/; their target says which end gets it in the seed, and most bind both.
// Columns: rules.h.

// clang-format off
#define TOCSIN_TLS12_HANDSHAKE_RULES(X) \
  X(tls12_hello_done_expected,      client_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.3", "A CertificateRequest or a ServerHelloDone is next behind the ServerKeyExchange.") \
  X(tls12_change_cipher_spec_expected, client_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.3", "Behind its ServerHelloDone a server that has promised no ticket sends a change_cipher_spec.") \
  X(tls12_change_cipher_spec_early, client_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.1", "A server's change_cipher_spec comes behind its ServerHelloDone.") \
  X(tls12_resumed_suite_changed,    client_script, tls12, must_refuse, "illegal_parameter handshake_failure", "RFC 5246 7.4.1.3", "A server that resumes a session selects the cipher suite of that.") \
  X(tls12_ticket_missing,           client_script, tls12, must_refuse, "unexpected_message", "RFC 5077 3.3", "A server that has promised a ticket sends one before its change_cipher_spec.") \
  X(tls12_hello_request_in_handshake, client_script, tls12, must_ignore, "", "RFC 5246 7.4.1.1", "A client ignores a HelloRequest amid a handshake.") \
  X(tls12_certificate_verify_expected, server_script, tls12, must_refuse, "unexpected_message handshake_failure", "RFC 5246 7.4.8", "A client that has shown a certificate sends a CertificateVerify behind its ClientKeyExchange.") \
  X(tls12_certificate_verify_wrong, server_script, tls12, must_refuse, "decrypt_error", "RFC 5246 7.4.8", "The signature of a CertificateVerify is over this handshake.") \
  X(tls12_change_cipher_spec_interleaved, server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.1", "A change_cipher_spec stands between messages, not within one.") \
  X(tls12_change_cipher_spec_repeated, server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.1", "In a handshake each end sends one change_cipher_spec.") \
  X(tls12_record_unprotected,       server_script, tls12, must_refuse, "bad_record_mac", "RFC 5246 7.1", "What comes behind a change_cipher_spec is protected.") \
  X(tls12_finished_expected,        server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.9", "Finished is next behind a change_cipher_spec.") \
  X(tls12_finished_length,          server_script, tls12, must_refuse, "decode_error decrypt_error", "RFC 5246 7.4.9", "A Finished has twelve bytes.") \
  X(tls12_finished_wrong,           server_script, tls12, must_refuse, "decrypt_error", "RFC 5246 7.4.9", "A Finished is over this handshake.") \
  X(tls12_empty_data_early,         server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.9", "Application data without a byte comes behind the Finished, too.") \
  X(tls12_data_early,               server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4.9", "Application data comes behind the Finished.") \
  X(tls12_message_after_handshake,  server_script, tls12, must_refuse, "unexpected_message", "RFC 5246 7.4", "Behind the handshake comes no message but one that begins another.") \
  X(tls12_renegotiation,            server_script, tls12, may_refuse,  "no_renegotiation handshake_failure unexpected_message", "RFC 5246 7.2.2", "A client that begins another handshake can be told that there is none.")
// clang-format on
