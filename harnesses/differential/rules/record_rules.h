#pragma once
// The rules about records in plaintext, and about what is in them but handshake messages, for either role. Seeds:
// corpus/server_first_flight/rule/. Columns: rules.h.

// clang-format off
#define TOCSIN_RECORD_RULES(X) \
  X(record_type_unknown,            server_first_flight, any,   must_refuse, "unexpected_message", "RFC 9846 5", "A record is of one of the four content types.") \
  X(record_version_old,             server_first_flight, any,   may_refuse,  "protocol_version unexpected_message decode_error", "RFC 9846 E.5", "legacy_record_version is 0x0300 at least.") \
  X(record_version_high,            server_first_flight, any,   must_ignore, "", "RFC 9846 5.1", "legacy_record_version of a record in plaintext is ignored.") \
  X(record_version_with_keys,       server_first_flight, tls13, may_refuse,  "protocol_version unexpected_message decode_error", "RFC 9846 5.2", "legacy_record_version is 0x0303 once there are keys.") \
  X(record_version_agreed,          server_first_flight, tls12, may_refuse,  "protocol_version unexpected_message decode_error illegal_parameter", "RFC 5246 6.2.1", "A record has the version that was agreed.") \
  X(record_overflow,                server_first_flight, any,   must_refuse, "record_overflow", "RFC 9846 5.1", "A record in plaintext has at most 2^14 bytes.") \
  X(record_overflow_protected,      server_first_flight, tls13, must_refuse, "record_overflow", "RFC 9846 5.2", "A protected record has at most 2^14 + 256 bytes.") \
  X(record_longer_than_agreed,      server_first_flight, tls12, may_refuse,  "record_overflow", "RFC 6066 4", "A record is no longer than the max_fragment_length that was agreed.") \
  X(handshake_record_empty,         server_first_flight, any,   may_refuse,  "unexpected_message decode_error", "RFC 9846 5.1", "A handshake record has one byte at least.") \
  X(message_length_impossible,      server_first_flight, any,   may_refuse,  "decode_error", "RFC 9846 6", "A handshake message is no longer than its syntax allows.") \
  X(message_longer_than_need,       server_first_flight, any,   may_refuse,  "illegal_parameter decode_error record_overflow handshake_failure internal_error", "RFC 9846 4", "A handshake message has no more than 2^14 bytes: more than that nobody need take.") \
  X(early_data_long,                server_first_flight, tls13, may_refuse,  "unexpected_message", "RFC 9846 4.3.10", "There is no more early data to skip than the server is configured for, which is 2^14 bytes here.") \
  X(change_cipher_spec_repeated,    server_first_flight, tls13, may_refuse,  "unexpected_message", "RFC 9846 E.4", "A peer has use for one change_cipher_spec; more than eight nobody need drop.") \
  X(change_cipher_spec_value,       server_first_flight, tls13, must_refuse, "unexpected_message", "RFC 9846 5", "A change_cipher_spec is the byte 1.") \
  X(change_cipher_spec_length,      server_first_flight, tls13, must_refuse, "unexpected_message", "RFC 9846 5", "A change_cipher_spec has a single byte.") \
  X(change_cipher_spec_form,        server_first_flight, tls12, must_refuse, "unexpected_message illegal_parameter decode_error", "RFC 5246 7.1", "A change_cipher_spec is the single byte 1.") \
  X(alert_record_empty, server_first_flight, tls13, must_refuse, "unexpected_message decode_error", "RFC 9846 5.1", "An alert record is not empty.") \
  X(alert_cut,                      server_first_flight, tls13, must_refuse, "decode_error unexpected_message", "RFC 9846 5.1", "An alert is not fragmented.") \
  X(alert_coalesced,                server_first_flight, tls13, must_refuse, "decode_error unexpected_message", "RFC 9846 5.1", "An alert record holds one alert.") \
  X(alert_fatal,                    server_first_flight, any,   must_end,    "", "RFC 9846 6.2", "A fatal alert ends the connection, and is not answered.") \
  X(alert_of_unknown_level,         server_first_flight, tls13, must_end,    "", "RFC 9846 6", "An error alert ends the connection even if its level is none that is defined.") \
  X(alert_level,                    server_first_flight, any,   must_end,    "illegal_parameter decode_error unexpected_message", "RFC 5246 7.2", "The level of an alert is warning or fatal.") \
  X(alert_warning,                  server_first_flight, tls12, may_end,     "handshake_failure unexpected_message", "RFC 5246 7.2.2", "The connection can go on after a warning; who ends it sends a fatal alert.") \
  X(alert_unprotected,              server_first_flight, tls13, must_end,    "unexpected_message", "RFC 9846 6", "Alerts are protected once there are keys; a peer that could not make them sends one in plaintext.") \
  X(alerts_repeated,                server_first_flight, any,   may_end,     "unexpected_message handshake_failure", "RFC 9846 6.1", "A peer has use for one user_canceled or warning; more than four nobody need pass over.") \
  X(close_notify,                   server_first_flight, any,   must_end,    "close_notify", "RFC 9846 6.1", "close_notify ends the connection; TLS 1.2 answers it with another.") \
  X(user_canceled,                  server_first_flight, any,   may_end,     "", "RFC 9846 6.1", "user_canceled announces a close_notify, and ends nothing by itself.") \
  X(user_canceled_fatal,            server_first_flight, tls12, must_end,    "", "RFC 5246 7.2", "A user_canceled of level fatal ends the connection.") \
  X(user_canceled_unprotected,      server_first_flight, tls13, may_end,     "unexpected_message", "RFC 9846 6", "user_canceled is protected once there are keys.")
// clang-format on
