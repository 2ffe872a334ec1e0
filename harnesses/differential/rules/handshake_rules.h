#pragma once
// The rules about what comes behind the hellos of TLS 1.3, under keys, for the end that gets it: the order of messages, records,
// alerts, and what the messages hold. Most bind both ends; the target is that of the seeds. Columns: rules.h.

// clang-format off
#define TOCSIN_HANDSHAKE_RULES(X) \
  X(server_hello_first,             client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 A.1", "A server's first message is a ServerHello or a HelloRetryRequest.") \
  X(encrypted_extensions_next,      client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.4.1", "EncryptedExtensions is next behind the ServerHello.") \
  X(certificate_or_request_next,    client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 A.1", "A CertificateRequest or a Certificate is next behind EncryptedExtensions.") \
  X(certificate_next,               client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 A.1", "A Certificate is next behind a CertificateRequest.") \
  X(certificate_verify_next,        client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.5.2", "A CertificateVerify is next behind a Certificate that is not empty.") \
  X(finished_next,                  client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.5.2", "A Finished is next behind a CertificateVerify.") \
  X(certificate_request_unoffered,  client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.7.2", "A CertificateRequest behind the handshake comes only to a client that has offered post_handshake_auth.") \
  X(message_after_handshake,        client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.7", "Behind the handshake there are NewSessionTicket and KeyUpdate.") \
  X(end_of_early_data_from_server,  client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.6", "A server sends no EndOfEarlyData.") \
  X(client_hello_first,             server_script, any,   must_refuse, "unexpected_message", "RFC 9846 A.2", "A client's first message is a ClientHello.") \
  X(client_certificate_next,        server_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.5.1", "A client that was asked sends a Certificate next.") \
  X(client_certificate_unasked,     server_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.5.1", "A client that was not asked sends no Certificate.") \
  X(end_of_early_data_unasked,      server_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.6", "A client whose early data was not accepted sends no EndOfEarlyData.") \
  X(message_of_client_after_handshake, server_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.7", "Behind the handshake a client sends no message but KeyUpdate.") \
  X(key_update_before_finished,     server_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4.7.3", "A KeyUpdate comes behind a Finished.") \
  X(message_type_unknown,           client_script, any,   must_refuse, "unexpected_message", "RFC 9846 4", "A handshake message has a type that is defined.") \
  X(hello_request,                  client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 4", "There is no HelloRequest in TLS 1.3.") \
  X(record_unprotected,             client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5", "Behind the hellos handshake messages are protected.") \
  X(record_of_other_keys,           client_script, tls13, must_refuse, "bad_record_mac", "RFC 9846 5.2", "A record is protected with the keys in force.") \
  X(record_longer_than_asked,       client_script, tls13, must_refuse, "record_overflow", "RFC 8449 4", "A protected record is no longer than the record_size_limit or the max_fragment_length that both ends know of.") \
  X(application_data_early,         client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 2", "Application data comes behind a Finished.") \
  X(application_data_unprotected,   client_script, any,   must_refuse, "unexpected_message", "RFC 9846 5.1", "Application data is protected.") \
  X(key_change_inside_a_record,     client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5.1", "A message before a change of keys ends its record.") \
  X(messages_interleaved,           client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5.1", "No other record stands between the parts of a handshake message.") \
  X(change_cipher_spec_interleaved, client_script, tls13, may_refuse,  "unexpected_message", "RFC 9846 5.1", "No change_cipher_spec stands between the parts of a handshake message, though section 5 wants one dropped wherever it stands.") \
  X(change_cipher_spec_early,       server_script, any,   must_refuse, "unexpected_message", "RFC 9846 5", "A change_cipher_spec comes behind the first ClientHello.") \
  X(change_cipher_spec_late,        client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5", "A change_cipher_spec comes before the peer's Finished.") \
  X(change_cipher_spec_protected,   client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5", "A change_cipher_spec is not protected.") \
  X(change_cipher_spec_before_server_hello, client_script, tls13, must_ignore, "", "RFC 9846 5", "A change_cipher_spec of the byte 1 is dropped before the ServerHello too.") \
  X(change_cipher_spec_passed_over, client_script, tls13, must_ignore, "", "RFC 9846 5", "A change_cipher_spec of the byte 1 in the handshake is dropped.") \
  X(alert_empty,                    client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5.4", "An alert record is not empty.") \
  X(alert_not_alone,                client_script, tls13, must_refuse, "decode_error unexpected_message illegal_parameter", "RFC 9846 5.1", "An alert record holds one alert of two bytes.") \
  X(error_alert,                    client_script, tls13, must_end,    "", "RFC 9846 6", "An error alert ends the connection, whatever its level, and is not answered.") \
  X(error_alert_unknown,            client_script, tls13, must_end,    "", "RFC 9846 6", "An unknown alert ends the connection as an error alert does.") \
  X(error_alert_of_client,          server_script, tls13, must_end,    "", "RFC 9846 6", "A client's error alert ends the connection, and is not answered.") \
  X(alert_before_client_hello,      server_script, tls13, must_end,    "", "RFC 9846 6.2", "An alert before the ClientHello ends the connection, and is not answered.") \
  X(close_notify_in_the_handshake,  server_script, tls13, must_end,    "", "RFC 9846 6.1", "A close_notify in the handshake ends it, and is not answered by an error alert.") \
  X(user_canceled_passed_over,      client_script, tls13, must_ignore, "", "RFC 9846 6.1", "Behind user_canceled reading goes on until close_notify.") \
  X(data_after_close_notify,        client_script, any,   must_ignore, "", "RFC 9846 6.1", "What comes behind a close_notify is ignored.") \
  X(retry_in_pieces,                client_script, tls13, must_ignore, "", "RFC 9846 5.1", "A HelloRetryRequest may be cut into several records.") \
  X(empty_data_interleaved,         client_script, tls13, must_refuse, "unexpected_message", "RFC 9846 5.1", "No empty record stands between the parts of a handshake message, either.") \
  X(message_empty,                  client_script, tls13, must_refuse, "decode_error", "RFC 9846 6", "A message that has fields is not empty.") \
  X(message_syntax,                 client_script, tls13, must_refuse, "decode_error", "RFC 9846 6", "The fields of a message fill it, each as long as its length says.") \
  X(extension_of_message_repeated,  client_script, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.3", "No two extensions of a message have the same type.") \
  X(extension_unsolicited,          client_script, tls13, must_refuse, "unsupported_extension", "RFC 9846 4.3", "An extension of EncryptedExtensions or Certificate answers one that was offered.") \
  X(extension_forbidden,            client_script, tls13, must_refuse, "illegal_parameter unsupported_extension", "RFC 9846 4.4.1", "EncryptedExtensions holds none of the extensions that stand in other messages.") \
  X(extension_foreign,              client_script, tls13, must_refuse, "unsupported_extension illegal_parameter", "RFC 9846 4.3", "EncryptedExtensions and Certificate hold no extension of other messages that a stack need not know, either.") \
  X(extension_of_request_misplaced, client_script, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3", "CertificateRequest holds no extension of other messages that every stack has to know.") \
  X(server_name_in_request,         client_script, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3", "A CertificateRequest holds no server_name, which only RFC 9846 lets it: by RFC 8446 it stands where it may not.") \
  X(extension_of_other_message,     client_script, tls13, may_refuse,  "illegal_parameter decode_error", "RFC 9846 4.3", "A message holds no extension of other messages, which a stack that does not know it ignores.") \
  X(extension_not_known_syntax,     client_script, tls13, may_refuse,  "decode_error illegal_parameter", "RFC 9846 4.3", "An extension that need not be known has the form that its RFC gives it.") \
  X(alpn_answer_syntax,             client_script, tls13, must_refuse, "decode_error illegal_parameter", "RFC 7301 3.1", "application_layer_protocol_negotiation of a server is a list of one name.") \
  X(alpn_not_offered,               client_script, tls13, must_refuse, "illegal_parameter", "RFC 7301 3.1", "A server selects one of the client's application protocols.") \
  X(server_name_answer_not_empty,   client_script, tls13, must_refuse, "decode_error", "RFC 6066 3", "server_name of a server is empty.") \
  X(groups_of_server_syntax,        client_script, tls13, may_refuse,  "decode_error illegal_parameter", "RFC 9846 4.3.7", "supported_groups of a server, on which a client need not act, is a list of groups.") \
  X(fragment_length_answer_syntax,  client_script, tls13, must_refuse, "decode_error illegal_parameter", "RFC 6066 4", "max_fragment_length of a server has one byte.") \
  X(fragment_length_answer_differs, client_script, tls13, must_refuse, "illegal_parameter", "RFC 6066 4", "max_fragment_length of a server is what the client asked for.") \
  X(size_limit_answer_syntax,       client_script, tls13, must_refuse, "decode_error", "RFC 8449 4", "record_size_limit of a server has two bytes.") \
  X(size_limit_answer_value,        client_script, tls13, must_refuse, "illegal_parameter", "RFC 8449 4", "record_size_limit of a server is 64 at least and 16385 at most.") \
  X(size_limit_beside_fragment_length, client_script, tls13, must_refuse, "illegal_parameter", "RFC 8449 5", "A server answers record_size_limit or max_fragment_length, not both.") \
  X(request_context_not_empty,      client_script, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.4.2", "certificate_request_context of a CertificateRequest in the handshake is empty.") \
  X(request_without_schemes,        client_script, tls13, must_refuse, "missing_extension", "RFC 9846 4.4.2", "A CertificateRequest has signature_algorithms.") \
  X(request_schemes_syntax,         client_script, tls13, must_refuse, "decode_error", "RFC 9846 4.3.3", "signature_algorithms of a CertificateRequest is a list of one scheme at least.") \
  X(certificate_context_not_empty,  client_script, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.5.1", "certificate_request_context of a server's Certificate is empty.") \
  X(certificate_context_differs,    server_script, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.5.1", "certificate_request_context of a client's Certificate is the request's.") \
  X(certificate_list_empty,         client_script, tls13, must_refuse, "decode_error", "RFC 9846 4.5.1.3", "A server's certificate_list is not empty.") \
  X(certificate_required,           server_script, tls13, must_refuse, "certificate_required", "RFC 9846 4.5.1.3", "A client shows a certificate where one is required.") \
  X(certificate_entry_empty,        client_script, tls13, must_refuse, "decode_error bad_certificate", "RFC 9846 4.5.1", "An entry of certificate_list has one byte of a certificate at least.") \
  X(certificate_not_valid,          client_script, tls13, must_refuse, "bad_certificate unsupported_certificate certificate_unknown unknown_ca certificate_expired certificate_revoked decode_error", "RFC 9846 4.5.1.2", "A certificate is valid, and from a trusted authority.") \
  X(certificate_of_client_not_valid, server_script, tls13, must_refuse, "bad_certificate unsupported_certificate certificate_unknown unknown_ca certificate_expired certificate_revoked decode_error", "RFC 9846 4.5.1.2", "A client's certificate is valid, and from a trusted authority.") \
  X(certificate_key_unfit,          client_script, tls13, may_refuse,  "unsupported_certificate handshake_failure illegal_parameter bad_certificate", "RFC 9846 4.5.1.2", "A certificate's key can sign with a scheme that was offered.") \
  X(certificates_more,              client_script, tls13, may_refuse,  "bad_certificate unsupported_certificate certificate_unknown unknown_ca", "RFC 9846 4.5.1", "Behind the first certificate stand those that certify it.") \
  X(verify_scheme_not_offered,      client_script, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.5.2", "A CertificateVerify has a scheme that was offered.") \
  X(verify_scheme_of_certificates,  client_script, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.3", "A CertificateVerify has no scheme of SHA-1 or of RSASSA-PKCS1-v1_5.") \
  X(verify_scheme_of_other_key,     client_script, tls13, must_refuse, "illegal_parameter decrypt_error", "RFC 9846 4.5.2", "The scheme of a CertificateVerify fits the certificate's key.") \
  X(verify_signature_wrong,         client_script, tls13, must_refuse, "decrypt_error", "RFC 9846 4.5.2", "The signature of a CertificateVerify is over this handshake.") \
  X(verify_signature_of_client_wrong, server_script, tls13, must_refuse, "decrypt_error", "RFC 9846 4.5.2", "The signature of a client's CertificateVerify is over this handshake.") \
  X(finished_wrong,                 client_script, tls13, must_refuse, "decrypt_error", "RFC 9846 4.5.3", "A Finished is over this handshake.") \
  X(finished_of_client_wrong,       server_script, tls13, must_refuse, "decrypt_error", "RFC 9846 4.5.3", "A client's Finished is over this handshake.") \
  X(finished_length,                client_script, tls13, must_refuse, "decode_error decrypt_error", "RFC 9846 4.5.3", "A Finished is as long as the hash.") \
  X(key_update_length,              server_script, tls13, must_refuse, "decode_error", "RFC 9846 4.7.3", "A KeyUpdate has one byte.") \
  X(key_update_crossed,             server_script, tls13, must_ignore, "", "RFC 9846 4.7.3", "A KeyUpdate that asks for another may cross one of the end's own that asks, too.") \
  X(key_update_value,               server_script, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.7.3", "request_update is 0 or 1.") \
  X(ticket_syntax,                  client_script, tls13, may_refuse,  "decode_error illegal_parameter", "RFC 9846 4.7.1", "A NewSessionTicket, which a client that resumes nothing ignores, has the form that it should.") \
  X(ticket_lifetime,                client_script, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.7.1", "A ticket lives 604800 seconds at most.") \
  X(limit_of_its_own,               client_script, tls13, may_refuse,  "unexpected_message illegal_parameter decode_error internal_error", "RFC 9846 E.4", "A peer does not send so much that nobody need take it.")
// clang-format on
