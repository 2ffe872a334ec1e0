#pragma once
// The rules about what a server sends first, for the client that gets it: ServerHello and HelloRetryRequest of TLS 1.3, and the
// ServerHello of TLS 1.2. Seeds: corpus/client_first_flight/rule/. Columns: rules.h.

// clang-format off
#define TOCSIN_SERVER_HELLO_RULES(X) \
  /* of either version */ \
  X(server_hello_expected,           client_first_flight, any,   must_refuse, "unexpected_message", "RFC 9846 4", "The first message of a server is a ServerHello or a HelloRetryRequest.") \
  X(server_hello_syntax,             client_first_flight, any,   must_refuse, "decode_error", "RFC 9846 6.2", "The fields of a ServerHello fill the message, each as long as its length says.") \
  X(session_id_echo_length,          client_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.2.3", "legacy_session_id_echo has at most 32 bytes.") \
  X(server_extension_syntax,         client_first_flight, any,   must_refuse, "decode_error", "RFC 9846 6.2", "An extension of a server's hello has a type, a length and as many bytes, in the form that its RFC gives it.") \
  X(server_extension_repeated,       client_first_flight, any,   must_refuse, "illegal_parameter decode_error", "RFC 9846 4.3", "No two extensions of a server's hello have the same type.") \
  X(version_selected_unasked,        client_first_flight, any,   must_refuse, "protocol_version", "RFC 9846 E.1", "Without supported_versions a server selects TLS 1.2, and only if the client offers it.") \
  X(version_selected_above,          client_first_flight, any,   must_refuse, "protocol_version illegal_parameter missing_extension", "RFC 9846 4.2.3", "A version above TLS 1.2 is not selected by legacy_version.") \
  /* ServerHello of TLS 1.3 */ \
  X(server_legacy_version,           client_first_flight, tls13, must_refuse, "protocol_version", "RFC 9846 4.2.3", "legacy_version of a ServerHello of TLS 1.3 is 0x0303.") \
  X(session_id_echo_wrong,           client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.3", "legacy_session_id_echo is the client's legacy_session_id.") \
  X(server_suite_not_offered,        client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.3", "cipher_suite is one that the client offered.") \
  X(server_suite_of_tls12,           client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 B.4", "A ServerHello of TLS 1.3 selects a suite of TLS 1.3.") \
  X(server_compression,              client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.3", "legacy_compression_method is 0.") \
  X(server_version_syntax,           client_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.1", "supported_versions of a ServerHello is one version of two bytes.") \
  X(server_version_not_offered,      client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.1", "supported_versions selects a version that the client offered.") \
  X(server_version_before_tls13,     client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.1", "supported_versions selects no version before TLS 1.3.") \
  X(server_extension_unsolicited,    client_first_flight, tls13, must_refuse, "unsupported_extension", "RFC 9846 4.3", "A ServerHello answers only extensions of the client.") \
  X(server_extension_misplaced,      client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3", "A ServerHello of TLS 1.3 has no extensions but supported_versions, key_share and pre_shared_key.") \
  X(server_share_missing,            client_first_flight, tls13, must_refuse, "missing_extension", "RFC 9846 4.2.3", "A ServerHello to a client without pre_shared_key has key_share.") \
  X(server_share_syntax,             client_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.8", "key_share of a ServerHello is one share, as long as its length says.") \
  X(server_key_exchange_empty,       client_first_flight, tls13, must_refuse, "decode_error illegal_parameter", "RFC 9846 4.3.8", "A server's key_exchange has one byte at least.") \
  X(server_share_not_sent,           client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "A server's share is of a group for which the client sent one.") \
  X(server_share_not_offered,        client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "A server's share is of a group of the client's supported_groups.") \
  X(server_share_length,             client_first_flight, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.3.8.2", "A server's share has the length of its group's public keys.") \
  X(server_share_compressed,         client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8.2", "A point on a NIST curve is uncompressed.") \
  X(server_share_off_curve,          client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8.2", "A server's share is a point on its curve.") \
  X(server_share_of_small_order,     client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 7.4.2", "A server's share for X25519 gives no shared secret of zeros.") \
  X(server_hello_shares_record,      client_first_flight, tls13, must_refuse, "unexpected_message", "RFC 9846 5.1", "A ServerHello ends its record, since the keys change behind it.") \
  X(change_cipher_spec_before_hello, client_first_flight, tls13, must_ignore, "", "RFC 9846 5", "A change_cipher_spec behind the ClientHello means nothing.") \
  /* HelloRetryRequest */ \
  X(retry_legacy_version,            client_first_flight, tls13, must_refuse, "protocol_version", "RFC 9846 4.2.4", "legacy_version of a HelloRetryRequest is 0x0303.") \
  X(retry_session_id_wrong,          client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "legacy_session_id_echo of a HelloRetryRequest is the client's legacy_session_id.") \
  X(retry_suite_not_offered,         client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "cipher_suite of a HelloRetryRequest is one that the client offered.") \
  X(retry_suite_of_tls12,            client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 B.4", "A HelloRetryRequest selects a suite of TLS 1.3.") \
  X(retry_compression,               client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "legacy_compression_method of a HelloRetryRequest is 0.") \
  X(retry_version_missing,           client_first_flight, tls13, must_refuse, "protocol_version missing_extension", "RFC 9846 4.2.4", "A HelloRetryRequest has supported_versions.") \
  X(retry_version_syntax,            client_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.1", "supported_versions of a HelloRetryRequest is one version of two bytes.") \
  X(retry_version_not_offered,       client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.1", "A HelloRetryRequest selects a version that the client offered.") \
  X(retry_version_before_tls13,      client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.1", "A HelloRetryRequest selects no version before TLS 1.3.") \
  X(retry_extension_unsolicited,     client_first_flight, tls13, must_refuse, "unsupported_extension", "RFC 9846 4.2.4", "A HelloRetryRequest has no extension but cookie that the client did not offer.") \
  X(retry_extension_misplaced,       client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3", "A HelloRetryRequest has no extensions but supported_versions, cookie and key_share.") \
  X(retry_group_syntax,              client_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.8", "key_share of a HelloRetryRequest is one group of two bytes.") \
  X(retry_group_not_offered,         client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "A HelloRetryRequest asks for a group of the client's supported_groups.") \
  X(retry_group_already_sent,        client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "A HelloRetryRequest asks for no group of which it has the client's share.") \
  X(retry_cookie_syntax,             client_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.2", "cookie of a HelloRetryRequest is a vector as long as its length says.") \
  X(retry_cookie_alone,              client_first_flight, tls13, must_ignore, "", "RFC 9846 4.2.4", "A HelloRetryRequest may change nothing but the cookie.") \
  X(retry_cookie_empty,              client_first_flight, tls13, must_refuse, "decode_error illegal_parameter", "RFC 9846 4.3.2", "A server's cookie has one byte at least.") \
  X(retry_without_change,            client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "A HelloRetryRequest would change the ClientHello.") \
  X(retry_shares_record,             client_first_flight, tls13, may_refuse,  "unexpected_message", "RFC 9846 5.1", "A HelloRetryRequest ends its record.") \
  X(second_retry,                    client_first_flight, tls13, must_refuse, "unexpected_message", "RFC 9846 4.2.4", "There is no second HelloRetryRequest.") \
  /* ServerHello behind a HelloRetryRequest */ \
  X(version_changed_behind_retry,    client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "The ServerHello selects the version of the HelloRetryRequest.") \
  X(suite_changed_behind_retry,      client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.4", "The ServerHello selects the suite of the HelloRetryRequest.") \
  X(group_changed_behind_retry,      client_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "The ServerHello's share is of the group that the HelloRetryRequest asked for.") \
  /* ServerHello of TLS 1.2 */ \
  X(version_of_server_old,           client_first_flight, tls12, must_refuse, "protocol_version", "RFC 5246 E.1", "A server selects no version before TLS 1.2.") \
  X(downgrade_to_tls12,              client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 9846 4.2.3", "A server that selects TLS 1.2 does not say in its random that it speaks TLS 1.3.") \
  X(downgrade_to_tls11,              client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 9846 4.2.3", "A server that selects TLS 1.2 does not say in its random that it selects TLS 1.1.") \
  X(session_id_of_nobody,            client_first_flight, tls12, may_refuse,  "illegal_parameter", "RFC 5246 7.4.1.3", "A server resumes no session that the client never had.") \
  X(tls12_suite_not_offered,         client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 5246 7.4.1.3", "cipher_suite of a ServerHello of TLS 1.2 is one that the client offered.") \
  X(tls12_suite_of_tls13,            client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 9846 B.4", "A ServerHello of TLS 1.2 selects a suite of TLS 1.2.") \
  X(hello_request_not_empty,         client_first_flight, tls12, must_refuse, "decode_error unexpected_message", "RFC 5246 7.4.1.1", "A HelloRequest is empty.") \
  X(retry_to_client_of_tls12,        client_first_flight, tls12, may_refuse,  "illegal_parameter missing_extension unsupported_extension protocol_version unexpected_message handshake_failure decode_error", "RFC 9846 4.2.3", "The random of a HelloRetryRequest, which a client need not know that offers TLS 1.2 alone, stands in no ServerHello.") \
  X(tls12_compression,               client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 5246 7.4.1.3", "compression_method is one that the client offered.") \
  X(tls12_extension_unsolicited,     client_first_flight, tls12, must_refuse, "unsupported_extension", "RFC 5246 7.4.1.4", "A ServerHello of TLS 1.2 answers only extensions of the client.") \
  X(tls12_extension_without_answer,  client_first_flight, tls12, may_refuse,  "illegal_parameter unsupported_extension", "RFC 5246 7.4.1.4.1", "A ServerHello of TLS 1.2 answers no extension that has no answer.") \
  X(server_name_not_empty,           client_first_flight, tls12, must_refuse, "decode_error", "RFC 6066 3", "server_name of a server is empty.") \
  X(server_fragment_length_syntax,   client_first_flight, tls12, must_refuse, "decode_error illegal_parameter", "RFC 6066 4", "max_fragment_length of a server has one byte.") \
  X(server_fragment_length_changed,  client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 6066 4, RFC 8449 5", "max_fragment_length of a server is what the client asked for, and stands without record_size_limit.") \
  X(server_point_formats_syntax,     client_first_flight, tls12, must_refuse, "decode_error", "RFC 8422 5.2", "ec_point_formats of a server is a list of one byte for each format, and not empty.") \
  X(server_point_formats_compressed, client_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 8422 5.2", "The uncompressed format is among the server's ec_point_formats.") \
  X(server_alpn_syntax,              client_first_flight, tls12, must_refuse, "decode_error", "RFC 7301 3.1", "application_layer_protocol_negotiation of a server is a list as long as its length says.") \
  X(server_alpn_empty,               client_first_flight, tls12, must_refuse, "decode_error illegal_parameter", "RFC 7301 3.1", "A server that answers application_layer_protocol_negotiation names a protocol.") \
  X(server_alpn_several,             client_first_flight, tls12, must_refuse, "decode_error illegal_parameter", "RFC 7301 3.1", "A server names exactly one protocol.") \
  X(server_alpn_not_offered,         client_first_flight, tls12, must_refuse, "illegal_parameter unsupported_extension no_application_protocol", "RFC 7301 3.1", "A server names a protocol that the client offered.") \
  X(server_master_secret_not_empty,  client_first_flight, tls12, must_refuse, "decode_error", "RFC 7627 5.1", "extended_master_secret of a server is empty.") \
  X(server_renegotiation_syntax,     client_first_flight, tls12, must_refuse, "decode_error", "RFC 5746 3.2", "renegotiation_info of a server is a vector as long as its length says.") \
  X(server_renegotiation_not_empty,  client_first_flight, tls12, must_refuse, "handshake_failure", "RFC 5746 3.4", "renegotiation_info of a server's first hello is empty.") \
  X(server_renegotiation_not_secure, client_first_flight, tls12, may_refuse,  "handshake_failure", "RFC 5746 4.1", "A server knows secure renegotiation.")
// clang-format on
