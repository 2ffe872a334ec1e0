#pragma once
// The rules about an initial ClientHello, for the server that gets it. Seeds: corpus/server_first_flight/rule/.
// Columns: rules.h.

// clang-format off
#define TOCSIN_CLIENT_HELLO_RULES(X) \
  X(client_hello_syntax,            server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 6.2", "The fields of a ClientHello fill the message, each as long as its length says.") \
  X(session_id_length,              server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.2.2", "legacy_session_id has at most 32 bytes.") \
  X(cipher_suites_empty,            server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.2.2", "cipher_suites has one suite at least.") \
  X(cipher_suites_odd,              server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.2.2", "cipher_suites has two bytes for each suite.") \
  X(compression_methods_empty,      server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.2.2", "legacy_compression_methods has one method at least.") \
  X(extension_repeated,             server_first_flight, any,   must_refuse, "illegal_parameter decode_error", "RFC 9846 4.3", "No two extensions have the same type.") \
  X(extension_syntax,               server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 6.2", "An extension has a type, a length and as many bytes.") \
  X(unknown_extension_syntax,       server_first_flight, any,   may_refuse,  "decode_error illegal_parameter", "RFC 9846 4.2.2", "An extension that the server need not know has the form that its RFC gives it.") \
  X(server_name_syntax,             server_first_flight, any,   must_refuse, "decode_error", "RFC 6066 3", "server_name is a list of names, each as long as its length says.") \
  X(server_name_list_empty,         server_first_flight, any,   must_refuse, "decode_error", "RFC 6066 3", "server_name has one name at least.") \
  X(server_name_empty,              server_first_flight, any,   must_refuse, "decode_error", "RFC 6066 3", "A host_name has one byte at least.") \
  X(server_name_repeated,           server_first_flight, any,   must_refuse, "illegal_parameter decode_error", "RFC 6066 3", "server_name has one name of each type.") \
  X(server_name_form,               server_first_flight, any,   may_refuse,  "illegal_parameter decode_error unrecognized_name", "RFC 6066 3", "A host_name is a DNS name in ASCII without a trailing dot.") \
  X(alpn_syntax,                    server_first_flight, any,   must_refuse, "decode_error", "RFC 7301 3.1", "application_layer_protocol_negotiation is a list of names, each as long as its length says.") \
  X(alpn_list_empty,                server_first_flight, any,   must_refuse, "decode_error", "RFC 7301 3.1", "application_layer_protocol_negotiation has one name at least.") \
  X(alpn_name_empty,                server_first_flight, any,   must_refuse, "decode_error illegal_parameter", "RFC 7301 3.1", "The name of a protocol is not empty.") \
  X(alpn_none_in_common,            server_first_flight, any,   must_refuse, "no_application_protocol", "RFC 7301 3.2", "Client and server have an application protocol in common.") \
  X(supported_groups_syntax,        server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.7", "supported_groups is a list of two bytes for each group.") \
  X(supported_groups_empty,         server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.7", "supported_groups has one group at least.") \
  X(signature_algorithms_syntax,    server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.3", "signature_algorithms is a list of two bytes for each scheme.") \
  X(signature_algorithms_empty,     server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.3", "signature_algorithms has one scheme at least.") \
  X(signature_algorithms_cert_syntax, server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.3", "signature_algorithms_cert is a list of two bytes for each scheme.") \
  X(signature_algorithms_cert_empty,  server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.3", "signature_algorithms_cert has one scheme at least.") \
  X(signature_algorithms_cert_unfit,  server_first_flight, any,   may_refuse,  "handshake_failure unsupported_certificate", "RFC 9846 4.5.1.2", "signature_algorithms_cert has the schemes that the server's chain is signed with.") \
  X(supported_versions_syntax,      server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.1", "supported_versions is a list of two bytes for each version.") \
  X(supported_versions_empty,       server_first_flight, any,   must_refuse, "decode_error", "RFC 9846 4.3.1", "supported_versions has one version at least.") \
  X(version_none_in_common,         server_first_flight, any,   must_refuse, "protocol_version", "RFC 9846 4.3.1", "Client and server have a version in common.") \
  X(version_of_ssl3,                server_first_flight, any,   must_refuse, "protocol_version", "RFC 9846 E.5", "legacy_version is later than SSL 3.0.") \
  X(legacy_version_of_tls13,        server_first_flight, tls13, must_refuse, "protocol_version", "RFC 9846 4.2.2", "legacy_version of a ClientHello of TLS 1.3 is 0x0303.") \
  X(compression_not_null,           server_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.2.2", "A ClientHello of TLS 1.3 has the null method as its only compression method.") \
  X(null_compression_missing,       server_first_flight, tls12, must_refuse, "illegal_parameter decode_error handshake_failure", "RFC 5246 7.4.1.2", "The null method is among the compression methods.") \
  X(signature_algorithms_missing,   server_first_flight, tls13, must_refuse, "missing_extension", "RFC 9846 9.2", "A ClientHello of TLS 1.3 without pre_shared_key has signature_algorithms.") \
  X(supported_groups_missing,       server_first_flight, tls13, must_refuse, "missing_extension", "RFC 9846 9.2", "A ClientHello of TLS 1.3 without pre_shared_key has supported_groups.") \
  X(key_share_missing,              server_first_flight, tls13, must_refuse, "missing_extension", "RFC 9846 9.2", "A ClientHello with supported_groups has key_share.") \
  X(signature_algorithms_of_tls12_missing, server_first_flight, tls12, may_refuse, "handshake_failure missing_extension", "RFC 5246 7.4.1.4.1", "A ClientHello of TLS 1.2 without signature_algorithms stands for SHA-1, which nobody need sign with.") \
  X(suite_none_in_common,           server_first_flight, any,   must_refuse, "handshake_failure insufficient_security", "RFC 9846 4.2.1", "Client and server have a cipher suite of the version in common.") \
  X(group_none_in_common,           server_first_flight, any,   must_refuse, "handshake_failure insufficient_security", "RFC 9846 4.2.1", "Client and server have a group in common.") \
  X(scheme_none_in_common,          server_first_flight, any,   must_refuse, "handshake_failure insufficient_security unsupported_certificate", "RFC 9846 4.2.1", "The server's key can sign with a scheme of the client.") \
  X(curve_of_certificate_not_offered, server_first_flight, tls12, may_refuse, "handshake_failure", "RFC 8422 5.1.1", "The curve of the server's key is among the client's groups.") \
  X(key_share_syntax,               server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.8", "key_share is a list of shares, each as long as its length says.") \
  X(key_exchange_empty,             server_first_flight, tls13, must_refuse, "decode_error illegal_parameter", "RFC 9846 4.3.8", "A key_exchange has one byte at least.") \
  X(key_share_group_not_offered,    server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3.8", "Each key share is for a group of supported_groups.") \
  X(key_share_repeated,             server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3.8", "No two key shares are for the same group.") \
  X(key_share_invalid,              server_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8.2", "The key share that is used is a public key of its group.") \
  X(key_share_unused_invalid,       server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3.8", "A key share that is not used is a public key of its group.") \
  X(psk_modes_syntax,               server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.9", "psk_key_exchange_modes is a list of one byte for each mode.") \
  X(psk_modes_empty,                server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.9", "psk_key_exchange_modes has one mode at least.") \
  X(psk_modes_missing,              server_first_flight, tls13, must_refuse, "missing_extension", "RFC 9846 4.3.9", "A ClientHello with pre_shared_key has psk_key_exchange_modes.") \
  X(psk_syntax,                     server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.11", "pre_shared_key is a list of identities and a list of binders, each as long as its length says.") \
  X(psk_identities_empty,           server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.11", "pre_shared_key has one identity at least.") \
  X(psk_binder_short,               server_first_flight, tls13, must_refuse, "decode_error illegal_parameter", "RFC 9846 4.3.11", "A binder has 32 bytes at least.") \
  X(psk_binders_unequal,            server_first_flight, tls13, must_refuse, "illegal_parameter decode_error", "RFC 9846 4.3.11", "pre_shared_key has as many binders as identities.") \
  X(psk_not_last,                   server_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.11", "pre_shared_key is the last extension.") \
  X(early_data_not_empty,           server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.10", "early_data of a ClientHello is empty.") \
  X(early_data_without_psk,         server_first_flight, tls13, may_refuse,  "illegal_parameter missing_extension", "RFC 9846 4.3.10", "A ClientHello with early_data has pre_shared_key.") \
  X(cookie_syntax,                  server_first_flight, tls13, must_refuse, "decode_error", "RFC 9846 4.3.2", "cookie is a vector as long as its length says.") \
  X(cookie_empty,                   server_first_flight, tls13, must_refuse, "decode_error illegal_parameter", "RFC 9846 4.3.2", "A cookie has one byte at least.") \
  X(cookie_unsolicited,             server_first_flight, tls13, may_refuse,  "illegal_parameter unsupported_extension", "RFC 9846 4.3.2", "An initial ClientHello has no cookie.") \
  X(max_fragment_length_syntax,     server_first_flight, any,   must_refuse, "decode_error illegal_parameter", "RFC 6066 4", "max_fragment_length has one byte.") \
  X(max_fragment_length_value,      server_first_flight, any,   must_refuse, "illegal_parameter", "RFC 6066 4", "max_fragment_length is 1, 2, 3 or 4.") \
  X(record_size_limit_syntax,       server_first_flight, any,   must_refuse, "decode_error", "RFC 8449 4", "record_size_limit has two bytes.") \
  X(record_size_limit_small,        server_first_flight, any,   must_refuse, "illegal_parameter", "RFC 8449 4", "record_size_limit is 64 at least.") \
  X(ec_point_formats_syntax,        server_first_flight, tls12, must_refuse, "decode_error", "RFC 8422 5.1.2", "ec_point_formats is a list of one byte for each format, and not empty.") \
  X(ec_point_formats_compressed,    server_first_flight, tls12, must_refuse, "illegal_parameter", "RFC 8422 5.1.2", "The uncompressed format is among ec_point_formats.") \
  X(extended_master_secret_not_empty, server_first_flight, tls12, must_refuse, "decode_error", "RFC 7627 5.1", "extended_master_secret is empty.") \
  X(renegotiation_info_syntax,      server_first_flight, tls12, must_refuse, "decode_error", "RFC 5746 3.2", "renegotiation_info is a vector as long as its length says.") \
  X(renegotiation_info_not_empty,   server_first_flight, tls12, must_refuse, "handshake_failure", "RFC 5746 3.6", "renegotiation_info of an initial ClientHello is empty.") \
  X(renegotiation_not_secure,       server_first_flight, tls12, may_refuse,  "handshake_failure", "RFC 5746 3.6", "A ClientHello has renegotiation_info or the suite that stands for it.") \
  X(fallback_without_need,          server_first_flight, tls12, must_refuse, "inappropriate_fallback", "RFC 7507 3", "TLS_FALLBACK_SCSV comes only where the server has no later version than the client's.")
// clang-format on
