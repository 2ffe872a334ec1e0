#pragma once
// The rules about what comes to a listener of DTLS 1.2 from an address of which it knows nothing: no association, and no cookie
// of its own came back; and about what comes amid a handshake, before there are keys. Seeds: corpus/<target>/rule/. Columns:
// rules.h.
// RFC 6347 4.1.2.7 says that invalid records SHOULD be discarded silently, and lets an association end with a fatal alert instead.
// Before a cookie has come back there is no association that could end, and a listener that ends for one forged datagram shuts
// out everybody: so it must discard. Where a clause lets a server read a ClientHello no further than to its cookie, or wait for
// the rest of one, it may do either.

// clang-format off
#define TOCSIN_DTLS_RULES(X) \
  /* datagrams and headers of records */ \
  X(datagram_empty,                     dtls_listen_openssl, any, must_discard, "datagram_empty", "RFC 6347 4.1.1", "A datagram begins with a record.") \
  X(record_header_cut,                  dtls_listen_openssl, any, must_discard, "record_truncated", "RFC 6347 4.1.1", "The header of a record is whole in its datagram.") \
  X(record_cut,                         dtls_listen_openssl, any, must_discard, "record_truncated", "RFC 6347 4.1.1", "A record fits within its datagram.") \
  X(record_type_unknown,                dtls_listen_openssl, any, must_discard, "record_type_unknown", "RFC 6347 4.1.2.7", "A record has a content type that DTLS 1.2 defines.") \
  X(record_of_heartbeat,                dtls_listen_openssl, any, must_discard, "record_type_unknown", "RFC 6520 3", "No heartbeat comes before a handshake in which it was agreed on.") \
  X(record_of_dtls13,                   dtls_listen_openssl, any, must_discard, "record_type_unknown record_truncated", "RFC 9147 4.1", "No protected record of DTLS 1.3 comes to who speaks DTLS 1.2 alone.") \
  X(acknowledgement_of_dtls13,          dtls_listen_openssl, any, must_discard, "record_type_unknown", "RFC 9147 7", "No acknowledgement of DTLS 1.3 comes to who speaks DTLS 1.2 alone.") \
  X(connection_id_not_agreed_on,        dtls_listen_openssl, any, must_discard, "record_type_unknown record_truncated", "RFC 9146 3", "No record has a connection id if none was given out.") \
  X(connection_id_unprotected,          dtls_listen,         any, must_discard, "connection_id_unprotected", "RFC 9146 4", "A record has a connection id only where it is protected.") \
  X(connection_id_unknown,              dtls_listen,         any, must_discard, "connection_id_unknown", "RFC 9146 4", "A connection id is one that was given out and is in use.") \
  X(record_version_not_of_dtls,         dtls_listen_openssl, any, must_discard, "record_version_wrong", "RFC 6347 4.1", "The version of a record is one of DTLS: its first byte is 254.") \
  X(record_version_unknown,             dtls_listen_openssl, any, may_discard,  "record_version_wrong", "RFC 6347 4.1", "The version of a record is that of DTLS 1.2, or of DTLS 1.0 before one was agreed on.") \
  X(record_too_long,                    dtls_listen_openssl, any, must_discard, "record_too_long", "RFC 6347 4.1", "What a record holds is no longer than 2^14 bytes.") \
  X(record_too_long_protected,          dtls_listen_openssl, any, must_discard, "record_too_long", "RFC 5246 6.2.3", "A protected record holds no more than 2^14 + 2048 bytes.") \
  /* records of another epoch: the keys are gone, or never were */ \
  X(data_of_another_epoch,              dtls_listen_openssl, any, must_discard, "listening_for_plaintext epoch_unknown", "RFC 6347 4.2.4", "Application data comes when there are keys for its epoch.") \
  X(alert_of_another_epoch,             dtls_listen_openssl, any, must_discard, "listening_for_plaintext epoch_unknown", "RFC 6347 4.1", "A protected alert, the late close_notify say, comes while its association lasts.") \
  X(message_of_another_epoch,           dtls_listen_openssl, any, must_discard, "listening_for_plaintext epoch_unknown", "RFC 6347 4.1", "A handshake begins in epoch 0.") \
  X(change_cipher_spec_of_another_epoch,dtls_listen_openssl, any, must_discard, "listening_for_plaintext epoch_unknown", "RFC 6347 4.1", "A change_cipher_spec of a later epoch comes when there are keys for that.") \
  /* records in plaintext that hold no ClientHello */ \
  X(alert_before_hello,                 dtls_listen_openssl, any, must_discard, "listening_not_for_alert", "RFC 6347 4.1.2.7", "No alert comes before a ClientHello.") \
  X(alert_size,                         dtls_listen_openssl, any, must_discard, "listening_not_for_alert alert_unauthenticated", "RFC 5246 7.2", "An alert has two bytes.") \
  X(alert_record_empty,                 dtls_listen_openssl, any, must_discard, "listening_not_for_alert record_empty", "RFC 5246 6.2.1", "A record of alerts is not empty.") \
  X(data_before_hello,                  dtls_listen_openssl, any, must_discard, "listening_not_for_application_data", "RFC 6347 4.1", "No application data comes before the handshake is complete.") \
  X(change_cipher_spec_first,           dtls_listen_openssl, any, must_discard, "listening_not_for_change_cipher_spec", "RFC 5246 7.1", "No change_cipher_spec comes before a ClientHello.") \
  X(change_cipher_spec_value,           dtls_listen_openssl, any, must_discard, "listening_not_for_change_cipher_spec change_cipher_spec_malformed", "RFC 5246 7.1", "A change_cipher_spec is one byte, 1.") \
  X(change_cipher_spec_record_empty,    dtls_listen_openssl, any, must_discard, "listening_not_for_change_cipher_spec record_empty", "RFC 5246 6.2.1", "A record of change_cipher_spec is not empty.") \
  X(handshake_record_empty,             dtls_listen_openssl, any, must_discard, "record_empty", "RFC 5246 6.2.1", "A record of handshake messages is not empty.") \
  X(message_of_a_server,                dtls_listen_openssl, any, must_discard, "listening_not_for_message", "RFC 6347 4.2.1", "What comes to a server is no message of servers.") \
  X(message_of_a_later_flight,          dtls_listen_openssl, any, must_discard, "listening_not_for_message", "RFC 6347 4.2.1", "A client's later messages come behind its ClientHello.") \
  X(message_type_undefined,             dtls_listen_openssl, any, must_discard, "listening_not_for_message", "RFC 5246 7.4", "A handshake message has a type that is defined.") \
  /* fragments of handshake messages */ \
  X(fragment_header_cut,                dtls_listen_openssl, any, must_discard, "fragment_malformed", "RFC 6347 4.2.2", "The header of a fragment is whole in its record.") \
  X(fragment_cut,                       dtls_listen_openssl, any, must_discard, "fragment_malformed", "RFC 6347 4.2.2", "A fragment is whole in its record.") \
  X(fragment_beyond_message,            dtls_listen_openssl, any, must_discard, "fragment_beyond_message", "RFC 6347 4.2.2", "A fragment ends within its message.") \
  X(fragment_empty,                     dtls_listen_openssl, any, must_discard, "hello_fragmented fragment_empty", "RFC 6347 4.2.3", "A fragment of a message that is not empty has one byte at least.") \
  X(hello_fragment_first,               dtls_listen_openssl, any, may_discard,  "hello_fragmented", "RFC 6347 4.2.1", "A ClientHello comes whole to a server that keeps nothing before the cookie.") \
  X(hello_fragment_later,               dtls_listen_openssl, any, may_discard,  "hello_fragmented", "RFC 6347 4.2.1", "No later fragment of a ClientHello comes to a server that keeps nothing before the cookie.") \
  X(hello_message_seq,                  dtls_listen_openssl, any, may_discard,  "", "RFC 6347 4.2.2", "The first message of a client has the number 0.") \
  X(message_behind_hello,               dtls_listen_openssl, any, may_discard,  "", "RFC 6347 4.2.4", "A client's first flight is its ClientHello alone.") \
  X(hello_repeated,                     dtls_listen_openssl, any, may_discard,  "hello_repeated", "RFC 6347 4.2.1", "A datagram holds one ClientHello.") \
  /* a whole ClientHello: what stands before the cookie, the cookie, and what stands behind it */ \
  X(hello_cut,                          dtls_listen_openssl, any, must_discard, "hello_malformed decode_error", "RFC 6347 4.2.1", "A ClientHello is as long as what it holds up to its cookie.") \
  X(hello_session_id_length,            dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error illegal_parameter", "RFC 5246 7.4.1.2", "session_id has at most 32 bytes.") \
  X(hello_version_old,                  dtls_listen_openssl, any, may_discard,  "protocol_version", "RFC 6347 4.2.1", "client_version is that of DTLS 1.2 or a later one.") \
  X(hello_cookie_invalid,               dtls_listen_openssl, any, must_ignore,  "cookie_invalid", "RFC 6347 4.2.1", "A cookie is one that this server gave; another one is treated as none.") \
  X(hello_cipher_suites_syntax,         dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error", "RFC 5246 7.4.1.2", "cipher_suites is as long as its length says, with two bytes for each suite.") \
  X(hello_cipher_suites_empty,          dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error illegal_parameter", "RFC 5246 7.4.1.2", "cipher_suites has one suite at least.") \
  X(hello_compression_methods_syntax,   dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error", "RFC 5246 7.4.1.2", "compression_methods is as long as its length says.") \
  X(hello_compression_methods_empty,    dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error illegal_parameter", "RFC 5246 7.4.1.2", "compression_methods has one method at least.") \
  X(hello_extensions_length,            dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error", "RFC 5246 7.4.1.2", "The extensions fill the message, as long as their length says.") \
  X(hello_extension_syntax,             dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error illegal_parameter", "RFC 5246 7.4.1.4", "An extension has a type, a length, and what its RFC says that it holds.") \
  X(hello_extension_repeated,           dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error illegal_parameter", "RFC 5246 7.4.1.4", "No two extensions have the same type.") \
  X(hello_connection_id_syntax,         dtls_listen_openssl, any, may_discard,  "hello_malformed decode_error", "RFC 9146 3", "connection_id is one id, as long as its length says.") \
  /* amid a handshake, where a server waits for ClientKeyExchange. Who fails for what anybody can send, fails with the alert of TLS. */ \
  X(alert_amid_handshake,               dtls_listen,         any, may_discard,  "alert_unauthenticated", "RFC 6347 4.1.2.7", "No alert comes that anybody could have sent.") \
  X(data_amid_handshake,                dtls_listen,         any, must_discard, "application_data_unprotected unexpected_message", "RFC 6347 4.1", "No application data comes in plaintext.") \
  X(change_cipher_spec_amid_handshake,  dtls_listen,         any, must_discard, "change_cipher_spec_unexpected unexpected_message", "RFC 5246 7.1", "A change_cipher_spec comes behind the ClientKeyExchange.") \
  X(message_of_the_past,                dtls_listen,         any, may_discard,  "message_from_the_past", "RFC 6347 4.2.2", "The number of a message is none that was received before; another one may ask for the last flight again.") \
  X(message_ahead,                      dtls_listen,         any, may_discard,  "message_too_far_ahead", "RFC 6347 4.2.2", "The number of a message is the next one; a later one may be kept.") \
  X(message_unexpected,                 dtls_listen,         any, must_discard, "unexpected_message", "RFC 5246 7.4", "The message that has the next number is the one that is due.")
// clang-format on
