#pragma once
// What stacks do though the rules do not permit it, where the rules judge each stack by itself. One row each: stack; the first and the
// last of its versions in which it was seen; the rule; what the stack does instead; the seed that shows it; one sentence. A row holds
// for exactly that: this conduct, where this rule is broken. harnesses/scenarios/deviations_test.cc replays every seed.
// DEVIATIONS.md is generated from these rows.
#include <span>
#include <string_view>

#include "harnesses/differential/rules/judge.h"

// clang-format off
#define TOCSIN_DEVIATIONS(X) \
  X(openssl, "3.0.19", "3.0.19", cipher_suites_empty, "refuses with illegal_parameter", "server_first_flight/rule/cipher_suites_empty/broken", "OpenSSL's server answers an empty list of cipher suites with illegal_parameter; it is a list that cannot be decoded.") \
  X(openssl, "3.0.19", "3.0.19", extension_repeated, "goes on", "server_first_flight/rule/extension_repeated/broken", "OpenSSL's server does not notice that an extension unknown to it stands twice.") \
  X(openssl, "3.0.19", "3.0.19", server_name_empty, "goes on", "server_first_flight/rule/server_name_empty/broken", "OpenSSL's server takes an empty host_name.") \
  X(openssl, "3.0.19", "3.0.19", supported_versions_syntax, "refuses with protocol_version", "server_first_flight/rule/supported_versions_syntax/broken", "OpenSSL's server answers a supported_versions that cannot be decoded with protocol_version.") \
  X(openssl, "3.0.19", "3.0.19", supported_versions_empty, "refuses with protocol_version", "server_first_flight/rule/supported_versions_empty/broken", "OpenSSL's server answers an empty supported_versions with protocol_version.") \
  X(openssl, "3.0.19", "3.0.19", version_of_ssl3, "refuses with handshake_failure", "server_first_flight/rule/version_of_ssl3/broken", "OpenSSL's server answers a hello of SSL 3.0 with handshake_failure, since SSL 3.0 has no protocol_version alert.") \
  X(openssl, "3.0.19", "3.0.19", legacy_version_of_tls13, "goes on", "server_first_flight/rule/legacy_version_of_tls13/broken", "OpenSSL's server answers a ClientHello with TLS 1.3 though its legacy_version is not 0x0303.") \
  X(openssl, "3.0.19", "3.0.19", compression_not_null, "refuses with decode_error", "server_first_flight/rule/compression_not_null/broken_null_missing", "OpenSSL's server answers compression methods without the null method with decode_error in TLS 1.3, too.") \
  X(openssl, "3.0.19", "3.0.19", psk_syntax, "goes on", "server_first_flight/rule/psk_syntax/broken", "OpenSSL's server does not look at all of a pre_shared_key that it does not use.") \
  X(openssl, "3.0.19", "3.0.19", psk_identities_empty, "goes on", "server_first_flight/rule/psk_identities_empty/broken", "OpenSSL's server does not notice that a pre_shared_key has no identity.") \
  X(openssl, "3.0.19", "3.0.19", psk_binder_short, "goes on", "server_first_flight/rule/psk_binder_short/broken", "OpenSSL's server does not look at the binders of a pre_shared_key that it does not use.") \
  X(openssl, "3.0.19", "3.0.19", psk_binders_unequal, "goes on", "server_first_flight/rule/psk_binders_unequal/broken", "OpenSSL's server does not count the binders of a pre_shared_key that it does not use.") \
  X(openssl, "3.0.19", "3.0.19", cookie_syntax, "goes on", "server_first_flight/rule/cookie_syntax/broken", "OpenSSL's server does not look into a cookie where it has given none.") \
  X(openssl, "3.0.19", "3.0.19", cookie_empty, "goes on", "server_first_flight/rule/cookie_empty/broken", "OpenSSL's server takes an empty cookie.") \
  X(openssl, "3.0.19", "3.0.19", ec_point_formats_compressed, "refuses with handshake_failure", "server_first_flight/rule/ec_point_formats_compressed/broken", "OpenSSL's server answers ec_point_formats without the uncompressed format with handshake_failure.") \
  X(openssl, "3.0.19", "3.0.19", renegotiation_info_syntax, "goes on", "server_first_flight/rule/renegotiation_info_syntax/broken", "OpenSSL's server does not notice bytes behind the vector in renegotiation_info.") \
  X(openssl, "3.0.19", "3.0.19", key_exchange_point_empty, "refuses with illegal_parameter", "server_first_flight/rule/key_exchange_point_empty/broken", "OpenSSL's server answers an empty point in a ClientKeyExchange with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", key_exchange_point_form, "goes on", "server_first_flight/rule/key_exchange_point_form/broken", "OpenSSL's server takes a point in a ClientKeyExchange that is not in the uncompressed form.") \
  X(openssl, "3.0.19", "3.0.19", record_version_old, "refuses without an alert", "server_first_flight/rule/record_version_old/broken", "OpenSSL's server closes without an alert if the first record's version does not begin with 3.") \
  X(openssl, "3.0.19", "3.0.19", record_version_high, "refuses with protocol_version", "server_first_flight/rule/record_version_high/broken", "OpenSSL's server refuses a record in plaintext for its legacy_record_version.") \
  X(openssl, "3.0.19", "3.0.19", message_length_impossible, "refuses with illegal_parameter", "server_first_flight/rule/message_length_impossible/broken", "OpenSSL's server answers a message that is longer than its syntax allows with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", change_cipher_spec_value, "refuses with illegal_parameter", "server_first_flight/rule/change_cipher_spec_value/broken", "OpenSSL's server answers a change_cipher_spec that is not the byte 1 with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", change_cipher_spec_length, "refuses with illegal_parameter", "server_first_flight/rule/change_cipher_spec_length/broken", "OpenSSL's server answers a change_cipher_spec of several bytes with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", messages_interleaved, "goes on", "server_first_flight/rule/messages_interleaved/broken", "OpenSSL's server passes over a user_canceled that stands amid the second ClientHello.") \
  X(openssl, "3.0.19", "3.0.19", alert_fatal, "refuses with unexpected_message", "server_first_flight/rule/alert_fatal/broken", "OpenSSL's server answers an alert that comes instead of a ClientHello with one of its own.") \
  X(openssl, "3.0.19", "3.0.19", session_id_echo_length, "refuses with illegal_parameter", "client_first_flight/rule/session_id_echo_length/broken", "OpenSSL's client answers a session id of more than 32 bytes with illegal_parameter; it cannot be decoded.") \
  X(openssl, "3.0.19", "3.0.19", server_legacy_version, "goes on", "client_first_flight/rule/server_legacy_version/broken", "OpenSSL's client takes a ServerHello of TLS 1.3 with another legacy_version than 0x0303.") \
  X(openssl, "3.0.19", "3.0.19", server_extension_unsolicited, "goes on", "client_first_flight/rule/server_extension_unsolicited/broken", "OpenSSL's client ignores an unknown extension in a ServerHello, which answers nothing.") \
  X(openssl, "3.0.19", "3.0.19", change_cipher_spec_before_hello, "refuses with unexpected_message", "client_first_flight/rule/change_cipher_spec_before_hello/broken", "OpenSSL's client refuses a change_cipher_spec before the ServerHello, which is to be dropped.") \
  X(openssl, "3.0.19", "3.0.19", retry_legacy_version, "refuses with illegal_parameter", "client_first_flight/rule/retry_legacy_version/broken", "OpenSSL's client answers a HelloRetryRequest whose legacy_version is not 0x0303 with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", retry_suite_of_tls12, "goes on", "client_first_flight/rule/retry_suite_of_tls12/broken", "OpenSSL's client takes a HelloRetryRequest that selects a suite of TLS 1.2.") \
  X(openssl, "3.0.19", "3.0.19", retry_version_missing, "goes on", "client_first_flight/rule/retry_version_missing/broken", "OpenSSL's client takes a HelloRetryRequest without supported_versions.") \
  X(openssl, "3.0.19", "3.0.19", retry_extension_unsolicited, "goes on", "client_first_flight/rule/retry_extension_unsolicited/broken", "OpenSSL's client ignores an unknown extension in a HelloRetryRequest.") \
  X(openssl, "3.0.19", "3.0.19", retry_cookie_empty, "goes on", "client_first_flight/rule/retry_cookie_empty/broken", "OpenSSL's client takes an empty cookie.") \
  X(openssl, "3.0.19", "3.0.19", server_extension_misplaced, "goes on", "client_first_flight/extension-of-a-psk-unknown-to-openssl", "OpenSSL's client ignores an extension of a ServerHello that it does not know, though it belongs elsewhere.") \
  X(openssl, "3.0.19", "3.0.19", retry_extension_misplaced, "goes on", "client_first_flight/retry-with-extension-unknown-to-openssl", "OpenSSL's client ignores an extension of a HelloRetryRequest that it does not know, though it belongs elsewhere.") \
  X(openssl, "3.0.19", "3.0.19", tls12_extension_unsolicited, "goes on", "client_first_flight/rule/tls12_extension_unsolicited/broken", "OpenSSL's client ignores an unknown extension in a ServerHello of TLS 1.2.") \
  X(openssl, "3.0.19", "3.0.19", server_point_formats_compressed, "goes on", "client_first_flight/rule/server_point_formats_compressed/broken", "OpenSSL's client takes a server's ec_point_formats without the uncompressed format.") \
  X(openssl, "3.0.19", "3.0.19", server_master_secret_not_empty, "goes on", "client_first_flight/rule/server_master_secret_not_empty/broken", "OpenSSL's client does not look into a server's extended_master_secret.") \
  X(openssl, "3.0.19", "3.0.19", server_renegotiation_not_empty, "refuses with illegal_parameter", "client_first_flight/rule/server_renegotiation_not_empty/broken", "OpenSSL's client answers a renegotiation_info that is not empty with illegal_parameter.") \
  X(openssl, "3.0.19", "3.0.19", extension_unsolicited, "goes on", "client_script/rule/extension_unsolicited/broken", "OpenSSL's client ignores an extension of EncryptedExtensions that it does not know and has not offered.") \
  X(openssl, "3.0.19", "3.0.19", extension_foreign, "goes on", "client_script/rule/extension_foreign/broken", "OpenSSL's client ignores an extension of EncryptedExtensions that it does not know, though it belongs elsewhere.") \
  X(openssl, "3.0.19", "3.0.19", alpn_not_offered, "refuses with decode_error", "client_script/rule/alpn_not_offered/broken", "OpenSSL's client answers an application protocol that it has not offered with decode_error.") \
  X(openssl, "3.0.19", "3.0.19", server_alpn_not_offered, "refuses with decode_error", "client_first_flight/rule/server_alpn_not_offered/broken", "OpenSSL's client answers an application protocol that it has not offered with decode_error in TLS 1.2, too.") \
  X(openssl, "3.0.19", "3.0.19", request_context_not_empty, "goes on", "client_script/rule/request_context_not_empty/broken", "OpenSSL's client takes a CertificateRequest with a context in the handshake.") \
  X(openssl, "3.0.19", "3.0.19", alert_before_client_hello, "refuses with unexpected_message", "server_script/rule/alert_before_client_hello/broken", "OpenSSL's server answers an alert that comes before the ClientHello with one of its own.") \
  X(openssl, "3.0.19", "3.0.19", change_cipher_spec_before_server_hello, "refuses with unexpected_message", "client_script/rule/change_cipher_spec_before_server_hello/broken", "OpenSSL's client refuses a change_cipher_spec before the ServerHello.") \
  X(openssl, "3.0.19", "3.0.19", error_alert, "refuses with illegal_parameter", "client_script/rule/error_alert/broken_of_unknown_level_behind_retry", "OpenSSL's client answers an alert of an unknown level behind a HelloRetryRequest, which has settled that levels mean nothing.") \
  X(openssl, "3.0.19", "3.0.19", close_notify_in_the_handshake, "refuses with illegal_parameter", "client_script/close-notify-of-unknown-level-behind-retry", "OpenSSL's client answers an alert of an unknown level behind a HelloRetryRequest, which has settled that levels mean nothing.") \
  X(openssl, "3.0.19", "3.0.19", error_alert_unknown, "refuses with illegal_parameter", "client_script/rule/error_alert_unknown/broken_of_unknown_level_behind_retry", "OpenSSL's client answers an alert of an unknown level behind a HelloRetryRequest, which has settled that levels mean nothing.") \
  X(openssl, "3.0.19", "3.0.19", hello_request, "goes on", "client_script/rule/hello_request/broken", "OpenSSL's client passes over a HelloRequest in TLS 1.3.") \
  X(openssl, "3.0.19", "3.0.19", key_update_length, "refuses with illegal_parameter", "server_script/rule/key_update_length/broken", "OpenSSL answers a KeyUpdate that is too long with illegal_parameter, as every message beyond its limits.") \
  X(openssl, "3.0.19", "3.0.19", certificate_not_valid, "refuses with decrypt_error", "client_script/rule/certificate_not_valid/broken", "OpenSSL's client answers a certificate whose signature is wrong with decrypt_error, which is for the handshake's own signatures.") \
  X(openssl, "3.0.19", "3.0.19", certificate_of_client_not_valid, "refuses with decrypt_error", "server_script/rule/certificate_of_client_not_valid/broken", "OpenSSL's server answers a certificate whose signature is wrong with decrypt_error, which is for the handshake's own signatures.") \
  X(openssl, "3.0.19", "3.0.19", close_notify, "refuses with unexpected_message", "server_script/rule/close_notify/broken", "OpenSSL's server of TLS 1.2 answers a close_notify between change_cipher_spec and Finished with unexpected_message.") \
  X(openssl, "3.0.19", "3.0.19", finished_length, "refuses with illegal_parameter", "client_script/rule/finished_length/broken_of_65", "OpenSSL answers a Finished of more than 64 bytes with illegal_parameter, as every message beyond its limits.") \
  X(openssl, "3.0.19", "3.0.19", tls12_finished_length, "refuses with illegal_parameter", "server_script/rule/tls12_finished_length/broken_of_65", "OpenSSL answers a Finished of more than 64 bytes with illegal_parameter, as every message beyond its limits.") \
  X(openssl, "3.0.19", "3.0.19", tls12_record_unprotected, "refuses with internal_error", "server_script/rule/tls12_record_unprotected/broken", "OpenSSL answers a record of TLS 1.2 that is too short for its nonce and tag with internal_error.") \
  X(gnutls, "3.7.9", "3.7.9", extension_repeated, "goes on", "server_first_flight/rule/extension_repeated/broken", "GnuTLS's server does not notice that an extension unknown to it stands twice.") \
  X(gnutls, "3.7.9", "3.7.9", server_name_repeated, "goes on", "server_first_flight/rule/server_name_repeated/broken", "GnuTLS's server takes two names of one type.") \
  X(gnutls, "3.7.9", "3.7.9", alpn_list_empty, "goes on", "server_first_flight/rule/alpn_list_empty/broken", "GnuTLS's server does not look into ALPN if it has no protocols itself.") \
  X(gnutls, "3.7.9", "3.7.9", supported_groups_syntax, "goes on", "server_first_flight/rule/supported_groups_syntax/broken_long", "GnuTLS's server takes bytes behind the list of supported_groups.") \
  X(gnutls, "3.7.9", "3.7.9", supported_groups_empty, "refuses with handshake_failure", "server_first_flight/rule/supported_groups_empty/broken", "GnuTLS's server takes an empty supported_groups for one without a group in common.") \
  X(gnutls, "3.7.9", "3.7.9", signature_algorithms_cert_syntax, "goes on", "server_first_flight/rule/signature_algorithms_cert_syntax/broken", "GnuTLS's server does not know signature_algorithms_cert, which every stack must implement.") \
  X(gnutls, "3.7.9", "3.7.9", signature_algorithms_cert_empty, "goes on", "server_first_flight/rule/signature_algorithms_cert_empty/broken", "GnuTLS's server does not know signature_algorithms_cert, which every stack must implement.") \
  X(gnutls, "3.7.9", "3.7.9", supported_versions_empty, "refuses with protocol_version", "server_first_flight/rule/supported_versions_empty/broken", "GnuTLS's server takes an empty supported_versions for one without a version in common.") \
  X(gnutls, "3.7.9", "3.7.9", legacy_version_of_tls13, "goes on", "server_first_flight/rule/legacy_version_of_tls13/broken", "GnuTLS's server answers a ClientHello with TLS 1.3 though its legacy_version is not 0x0303.") \
  X(gnutls, "3.7.9", "3.7.9", compression_not_null, "goes on", "server_first_flight/rule/compression_not_null/broken", "GnuTLS's server does not look at the compression methods in TLS 1.3.") \
  X(gnutls, "3.7.9", "3.7.9", signature_algorithms_missing, "refuses with handshake_failure", "server_first_flight/rule/signature_algorithms_missing/broken", "GnuTLS's server takes missing signature_algorithms for one without a scheme in common.") \
  X(gnutls, "3.7.9", "3.7.9", supported_groups_missing, "refuses with handshake_failure", "server_first_flight/rule/supported_groups_missing/broken", "GnuTLS's server takes missing supported_groups for one without a group in common.") \
  X(gnutls, "3.7.9", "3.7.9", key_exchange_empty, "goes on", "server_first_flight/rule/key_exchange_empty/broken", "GnuTLS's server does not look into a key share of a group that it does not choose.") \
  X(gnutls, "3.7.9", "3.7.9", psk_modes_syntax, "goes on", "server_first_flight/rule/psk_modes_syntax/broken", "GnuTLS's server does not look into psk_key_exchange_modes if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", psk_modes_empty, "goes on", "server_first_flight/rule/psk_modes_empty/broken", "GnuTLS's server does not look into psk_key_exchange_modes if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", psk_modes_missing, "refuses with unsupported_extension", "server_first_flight/rule/psk_modes_missing/broken", "GnuTLS's server answers a pre_shared_key without psk_key_exchange_modes with unsupported_extension.") \
  X(gnutls, "3.7.9", "3.7.9", psk_syntax, "goes on", "server_first_flight/rule/psk_syntax/broken", "GnuTLS's server does not look into pre_shared_key if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", psk_identities_empty, "goes on", "server_first_flight/rule/psk_identities_empty/broken", "GnuTLS's server does not look into pre_shared_key if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", psk_binder_short, "goes on", "server_first_flight/rule/psk_binder_short/broken", "GnuTLS's server does not look into pre_shared_key if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", psk_binders_unequal, "goes on", "server_first_flight/rule/psk_binders_unequal/broken", "GnuTLS's server does not look into pre_shared_key if it has no session to resume.") \
  X(gnutls, "3.7.9", "3.7.9", early_data_not_empty, "goes on", "server_first_flight/rule/early_data_not_empty/broken", "GnuTLS's server does not look into early_data.") \
  X(gnutls, "3.7.9", "3.7.9", cookie_syntax, "goes on", "server_first_flight/rule/cookie_syntax/broken", "GnuTLS's server does not look into a cookie, as it gives none.") \
  X(gnutls, "3.7.9", "3.7.9", cookie_empty, "goes on", "server_first_flight/rule/cookie_empty/broken", "GnuTLS's server does not look into a cookie, as it gives none.") \
  X(gnutls, "3.7.9", "3.7.9", max_fragment_length_syntax, "goes on", "server_first_flight/rule/max_fragment_length_syntax/broken", "GnuTLS's server takes max_fragment_length without its byte, or with bytes behind it.") \
  X(gnutls, "3.7.9", "3.7.9", ec_point_formats_syntax, "goes on", "server_first_flight/rule/ec_point_formats_syntax/broken", "GnuTLS's server does not look into ec_point_formats.") \
  X(gnutls, "3.7.9", "3.7.9", ec_point_formats_compressed, "goes on", "server_first_flight/rule/ec_point_formats_compressed/broken", "GnuTLS's server does not look into ec_point_formats.") \
  X(gnutls, "3.7.9", "3.7.9", renegotiation_info_syntax, "goes on", "server_first_flight/rule/renegotiation_info_syntax/broken", "GnuTLS's server does not look into renegotiation_info in TLS 1.3.") \
  X(gnutls, "3.7.9", "3.7.9", second_hello_version, "refuses with handshake_failure", "server_first_flight/rule/second_hello_version/broken", "GnuTLS's server takes a second ClientHello of another version for one without a suite in common.") \
  X(gnutls, "3.7.9", "3.7.9", second_hello_share_absent, "refuses with handshake_failure", "server_first_flight/rule/second_hello_share_absent/broken", "GnuTLS's server answers a second ClientHello without the share that it asked for with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", second_hello_share_wrong, "refuses with handshake_failure", "server_first_flight/rule/second_hello_share_wrong/broken", "GnuTLS's server answers a second ClientHello with a share of another group than it asked for with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", certificate_missing, "refuses with decode_error", "server_first_flight/rule/certificate_missing/broken", "GnuTLS's server of TLS 1.2 answers an empty Certificate with decode_error where it needs one.") \
  X(gnutls, "3.7.9", "3.7.9", certificate_skipped, "goes on", "server_first_flight/rule/certificate_skipped/broken", "GnuTLS's server of TLS 1.2 takes a ClientKeyExchange where it has asked for a Certificate.") \
  X(gnutls, "3.7.9", "3.7.9", key_exchange_point_form, "refuses with internal_error", "server_first_flight/rule/key_exchange_point_form/broken", "GnuTLS's server answers a point that is not in the uncompressed form with internal_error.") \
  X(gnutls, "3.7.9", "3.7.9", session_id_echo_length, "refuses with illegal_parameter", "client_first_flight/rule/session_id_echo_length/broken", "GnuTLS's client answers a session id of more than 32 bytes with illegal_parameter; it cannot be decoded.") \
  X(gnutls, "3.7.9", "3.7.9", server_extension_repeated, "goes on", "client_first_flight/rule/server_extension_repeated/broken", "GnuTLS's client does not notice that an extension unknown to it stands twice.") \
  X(gnutls, "3.7.9", "3.7.9", session_id_echo_wrong, "goes on", "client_first_flight/rule/session_id_echo_wrong/broken", "GnuTLS's client does not compare legacy_session_id_echo with what it has sent.") \
  X(gnutls, "3.7.9", "3.7.9", server_suite_not_offered, "refuses with handshake_failure", "client_first_flight/rule/server_suite_not_offered/broken", "GnuTLS's client answers a suite that it has not offered with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", server_suite_of_tls12, "goes on", "client_first_flight/rule/server_suite_of_tls12/broken", "GnuTLS's client takes a suite of TLS 1.2 in a ServerHello of TLS 1.3.") \
  X(gnutls, "3.7.9", "3.7.9", server_version_not_offered, "refuses with protocol_version", "client_first_flight/rule/server_version_not_offered/broken", "GnuTLS's client answers a selected version that it has not offered with protocol_version.") \
  X(gnutls, "3.7.9", "3.7.9", server_extension_unsolicited, "goes on", "client_first_flight/rule/server_extension_unsolicited/broken", "GnuTLS's client ignores an unknown extension in a ServerHello, which answers nothing.") \
  X(gnutls, "3.7.9", "3.7.9", server_extension_misplaced, "refuses with unsupported_extension", "client_first_flight/rule/server_extension_misplaced/broken", "GnuTLS's client answers an extension that belongs into another message with unsupported_extension.") \
  X(gnutls, "3.7.9", "3.7.9", server_share_missing, "refuses with illegal_parameter", "client_first_flight/rule/server_share_missing/broken", "GnuTLS's client answers a ServerHello without key_share with illegal_parameter.") \
  X(gnutls, "3.7.9", "3.7.9", server_share_not_offered, "refuses with handshake_failure", "client_first_flight/rule/server_share_not_offered/broken", "GnuTLS's client answers a share of a group that it has not offered with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", server_hello_shares_record, "goes on", "client_first_flight/rule/server_hello_shares_record/broken", "GnuTLS's client takes messages behind a ServerHello in the same record, which are not protected.") \
  X(gnutls, "3.7.9", "3.7.9", change_cipher_spec_before_hello, "refuses with unexpected_message", "client_first_flight/rule/change_cipher_spec_before_hello/broken", "GnuTLS's client refuses a change_cipher_spec before the ServerHello, which is to be dropped.") \
  X(gnutls, "3.7.9", "3.7.9", retry_session_id_wrong, "goes on", "client_first_flight/rule/retry_session_id_wrong/broken", "GnuTLS's client does not compare the session id of a HelloRetryRequest with what it has sent.") \
  X(gnutls, "3.7.9", "3.7.9", retry_suite_not_offered, "goes on", "client_first_flight/rule/retry_suite_not_offered/broken", "GnuTLS's client looks at the suite of a HelloRetryRequest only when the ServerHello has come.") \
  X(gnutls, "3.7.9", "3.7.9", retry_suite_of_tls12, "goes on", "client_first_flight/rule/retry_suite_of_tls12/broken", "GnuTLS's client looks at the suite of a HelloRetryRequest only when the ServerHello has come.") \
  X(gnutls, "3.7.9", "3.7.9", retry_version_missing, "refuses with illegal_parameter", "client_first_flight/rule/retry_version_missing/broken", "GnuTLS's client answers a HelloRetryRequest without supported_versions with illegal_parameter.") \
  X(gnutls, "3.7.9", "3.7.9", retry_version_not_offered, "refuses with protocol_version", "client_first_flight/rule/retry_version_not_offered/broken", "GnuTLS's client answers a HelloRetryRequest of a version that it has not offered with protocol_version.") \
  X(gnutls, "3.7.9", "3.7.9", retry_extension_unsolicited, "goes on", "client_first_flight/rule/retry_extension_unsolicited/broken", "GnuTLS's client ignores an unknown extension in a HelloRetryRequest.") \
  X(gnutls, "3.7.9", "3.7.9", retry_extension_misplaced, "refuses with unsupported_extension", "client_first_flight/rule/retry_extension_misplaced/broken", "GnuTLS's client answers an extension that belongs into another message with unsupported_extension.") \
  X(gnutls, "3.7.9", "3.7.9", retry_group_syntax, "goes on", "client_first_flight/rule/retry_group_syntax/broken", "GnuTLS's client takes bytes behind the group in the key_share of a HelloRetryRequest.") \
  X(gnutls, "3.7.9", "3.7.9", retry_group_already_sent, "goes on", "client_first_flight/rule/retry_group_already_sent/broken", "GnuTLS's client answers a HelloRetryRequest that asks for the share that it has sent already.") \
  X(gnutls, "3.7.9", "3.7.9", retry_cookie_empty, "goes on", "client_first_flight/rule/retry_cookie_empty/broken", "GnuTLS's client takes an empty cookie.") \
  X(gnutls, "3.7.9", "3.7.9", group_changed_behind_retry, "goes on", "client_first_flight/rule/group_changed_behind_retry/broken", "GnuTLS's client takes a share of another group than the HelloRetryRequest has asked for.") \
  X(gnutls, "3.7.9", "3.7.9", downgrade_to_tls11, "goes on", "client_first_flight/rule/downgrade_to_tls11/broken", "GnuTLS's client that is given TLS 1.2 does not look for the mark of a server that was driven down to TLS 1.1.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_suite_not_offered, "refuses with handshake_failure", "client_first_flight/rule/tls12_suite_not_offered/broken", "GnuTLS's client answers a suite that it has not offered with handshake_failure in TLS 1.2, too.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_suite_of_tls13, "refuses with handshake_failure", "client_first_flight/rule/tls12_suite_of_tls13/broken", "GnuTLS's client answers a suite of TLS 1.3 in a ServerHello of TLS 1.2 with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_extension_unsolicited, "goes on", "client_first_flight/rule/tls12_extension_unsolicited/broken", "GnuTLS's client ignores an unknown extension in a ServerHello of TLS 1.2.") \
  X(gnutls, "3.7.9", "3.7.9", server_name_not_empty, "goes on", "client_first_flight/rule/server_name_not_empty/broken", "GnuTLS's client does not look into a server's server_name.") \
  X(gnutls, "3.7.9", "3.7.9", server_point_formats_syntax, "goes on", "client_first_flight/rule/server_point_formats_syntax/broken", "GnuTLS's client takes a server's ec_point_formats that is not as long as it says.") \
  X(gnutls, "3.7.9", "3.7.9", server_point_formats_compressed, "refuses with handshake_failure", "client_first_flight/rule/server_point_formats_compressed/broken", "GnuTLS's client answers a server's ec_point_formats without the uncompressed format with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", server_alpn_syntax, "goes on", "client_first_flight/rule/server_alpn_syntax/broken", "GnuTLS's client takes bytes behind the list of a server's ALPN.") \
  X(gnutls, "3.7.9", "3.7.9", server_alpn_several, "goes on", "client_first_flight/rule/server_alpn_several/broken", "GnuTLS's client takes the first of two application protocols that a server names.") \
  X(gnutls, "3.7.9", "3.7.9", server_alpn_not_offered, "goes on", "client_first_flight/rule/server_alpn_not_offered/broken", "GnuTLS's client takes an application protocol that it has not offered.") \
  X(gnutls, "3.7.9", "3.7.9", server_renegotiation_syntax, "goes on", "client_first_flight/rule/server_renegotiation_syntax/broken", "GnuTLS's client takes a server's renegotiation_info that is not as long as it says.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_group_not_offered, "refuses with handshake_failure", "client_first_flight/rule/tls12_group_not_offered/broken", "GnuTLS's client answers a curve that it has not offered with handshake_failure in TLS 1.2.") \
  X(gnutls, "3.7.9", "3.7.9", record_version_high, "refuses with protocol_version", "server_first_flight/rule/record_version_high/broken", "GnuTLS's server looks at the major version of a record, which is to be ignored.") \
  X(gnutls, "3.7.9", "3.7.9", change_cipher_spec_form, "goes on", "server_first_flight/rule/change_cipher_spec_form/broken", "GnuTLS of TLS 1.2 takes a change_cipher_spec that is not the byte 1.") \
  X(gnutls, "3.7.9", "3.7.9", alert_coalesced, "takes an alert for the end", "server_first_flight/rule/alert_coalesced/broken", "GnuTLS hears the first of two alerts in a record.") \
  X(gnutls, "3.7.9", "3.7.9", alert_fatal, "refuses with unexpected_message", "server_first_flight/rule/alert_fatal/broken", "GnuTLS's server answers an alert that comes instead of a ClientHello with one of its own.") \
  X(gnutls, "3.7.9", "3.7.9", alert_level, "goes on", "client_script/rule/alert_level/broken", "GnuTLS of TLS 1.2 takes every level of an alert but fatal for a warning.") \
  X(gnutls, "3.7.9", "3.7.9", alert_unprotected, "refuses with bad_record_mac", "server_first_flight/rule/alert_unprotected/broken", "GnuTLS's server takes an alert in plaintext, once there are keys, for a protected record.") \
  X(gnutls, "3.7.9", "3.7.9", user_canceled_unprotected, "refuses with bad_record_mac", "server_first_flight/rule/user_canceled_unprotected/broken", "GnuTLS's server takes an alert in plaintext, once there are keys, for a protected record.") \
  X(gnutls, "3.7.9", "3.7.9", client_certificate_next, "refuses with decode_error", "server_script/rule/client_certificate_next/broken", "GnuTLS's server answers another message instead of the Certificate that it has asked for with decode_error.") \
  X(gnutls, "3.7.9", "3.7.9", record_unprotected, "refuses with bad_record_mac", "client_script/rule/record_unprotected/broken", "GnuTLS takes a handshake message in plaintext, once there are keys, for a protected record.") \
  X(gnutls, "3.7.9", "3.7.9", key_change_inside_a_record, "refuses with decrypt_error", "server_first_flight/rule/key_change_inside_a_record/broken", "GnuTLS's server reads on in the record behind a message that changes the keys.") \
  X(gnutls, "3.7.9", "3.7.9", key_change_inside_a_record, "goes on", "client_script/rule/key_change_inside_a_record/broken", "GnuTLS takes messages behind one that changes the keys in the same record.") \
  X(gnutls, "3.7.9", "3.7.9", messages_interleaved, "takes an alert for the end", "server_first_flight/rule/messages_interleaved/broken", "GnuTLS hears an alert between the parts of a message.") \
  X(gnutls, "3.7.9", "3.7.9", change_cipher_spec_early, "goes on", "server_script/rule/change_cipher_spec_early/broken", "GnuTLS's server drops a change_cipher_spec before the ClientHello.") \
  X(gnutls, "3.7.9", "3.7.9", change_cipher_spec_before_server_hello, "refuses with unexpected_message", "client_script/rule/change_cipher_spec_before_server_hello/broken", "GnuTLS's client refuses a change_cipher_spec before the ServerHello.") \
  X(gnutls, "3.7.9", "3.7.9", alert_not_alone, "takes an alert for the end", "client_script/rule/alert_not_alone/broken", "GnuTLS hears the first of two alerts in a record.") \
  X(gnutls, "3.7.9", "3.7.9", alert_before_client_hello, "refuses with unexpected_message", "server_script/rule/alert_before_client_hello/broken", "GnuTLS's server answers an alert that comes before the ClientHello with one of its own.") \
  X(gnutls, "3.7.9", "3.7.9", user_canceled_passed_over, "takes an alert for the end", "client_script/rule/user_canceled_passed_over/broken", "GnuTLS takes user_canceled for an error in TLS 1.3.") \
  X(gnutls, "3.7.9", "3.7.9", message_syntax, "refuses with decrypt_error", "client_script/rule/message_syntax/broken_verify", "GnuTLS's client looks only at the signature of a CertificateVerify, and so does not see that its bytes do not fill it.") \
  X(gnutls, "3.7.9", "3.7.9", extension_of_message_repeated, "goes on", "client_script/rule/extension_of_message_repeated/broken", "GnuTLS's client does not notice that an extension of EncryptedExtensions stands twice.") \
  X(gnutls, "3.7.9", "3.7.9", extension_unsolicited, "goes on", "client_script/rule/extension_unsolicited/broken", "GnuTLS's client ignores an unknown extension in EncryptedExtensions or Certificate, which answers nothing.") \
  X(gnutls, "3.7.9", "3.7.9", extension_forbidden, "goes on", "client_script/signature-algorithms-cert-in-encrypted-extensions", "GnuTLS's client ignores signature_algorithms_cert in EncryptedExtensions.") \
  X(gnutls, "3.7.9", "3.7.9", message_syntax, "refuses with illegal_parameter", "client_script/certificate-request-cut-in-its-context", "GnuTLS's client answers a CertificateRequest that ends within its context with illegal_parameter.") \
  X(gnutls, "3.7.9", "3.7.9", extension_foreign, "goes on", "client_script/rule/extension_foreign/broken", "GnuTLS's client ignores an extension of EncryptedExtensions that belongs into another message, if it need not know it.") \
  X(gnutls, "3.7.9", "3.7.9", extension_of_request_misplaced, "goes on", "client_script/rule/extension_of_request_misplaced/broken", "GnuTLS's client ignores extensions of a CertificateRequest that belong into other messages.") \
  X(gnutls, "3.7.9", "3.7.9", alpn_answer_syntax, "goes on", "client_script/rule/alpn_answer_syntax/broken", "GnuTLS's client takes a server's ALPN that is no list of one name.") \
  X(gnutls, "3.7.9", "3.7.9", alpn_not_offered, "goes on", "client_script/rule/alpn_not_offered/broken", "GnuTLS's client takes an application protocol that it has not offered in TLS 1.3, too.") \
  X(gnutls, "3.7.9", "3.7.9", server_name_answer_not_empty, "goes on", "client_script/rule/server_name_answer_not_empty/broken", "GnuTLS's client does not look into a server's server_name in TLS 1.3, either.") \
  X(gnutls, "3.7.9", "3.7.9", fragment_length_answer_syntax, "goes on", "client_script/rule/fragment_length_answer_syntax/broken", "GnuTLS's client takes an empty max_fragment_length of a server.") \
  X(gnutls, "3.7.9", "3.7.9", size_limit_answer_value, "goes on", "client_script/rule/size_limit_answer_value/broken_above", "GnuTLS's client takes a record_size_limit of more than the largest record of TLS 1.3.") \
  X(gnutls, "3.7.9", "3.7.9", size_limit_beside_fragment_length, "goes on", "client_script/rule/size_limit_beside_fragment_length/broken", "GnuTLS's client takes record_size_limit and max_fragment_length of one server.") \
  X(gnutls, "3.7.9", "3.7.9", request_without_schemes, "refuses with unsupported_extension", "client_script/rule/request_without_schemes/broken", "GnuTLS's client answers a CertificateRequest without signature_algorithms with unsupported_extension.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_resumed_suite_changed, "goes on", "client_script/rule/tls12_resumed_suite_changed/broken", "GnuTLS's client does not look at the suite of a ServerHello that resumes its session.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_hello_request_in_handshake, "refuses with unexpected_message", "client_script/rule/tls12_hello_request_in_handshake/broken", "GnuTLS's client refuses a HelloRequest amid a handshake, which is to be ignored.") \
  X(gnutls, "3.7.9", "3.7.9", message_syntax, "refuses with internal_error", "server_script/client-certificate-verify-cut", "GnuTLS's server answers a CertificateVerify that ends too early with internal_error.") \
  X(gnutls, "3.7.9", "3.7.9", key_update_crossed, "refuses with illegal_parameter", "server_script/rule/key_update_crossed/broken", "GnuTLS takes no KeyUpdate that asks for another while it waits for the answer to its own.") \
  X(gnutls, "3.7.9", "3.7.9", retry_cookie_alone, "refuses with illegal_parameter", "client_first_flight/rule/retry_cookie_alone/broken", "GnuTLS's client refuses a HelloRetryRequest that brings a cookie and asks for no other group.") \
  X(gnutls, "3.7.9", "3.7.9", message_empty, "goes on", "client_script/rule/message_empty/broken", "GnuTLS's client passes over an EncryptedExtensions or a CertificateRequest without a byte.") \
  X(gnutls, "3.7.9", "3.7.9", message_empty, "refuses with illegal_parameter", "client_script/rule/message_empty/broken_certificate", "GnuTLS answers a Certificate without a byte with illegal_parameter.") \
  X(gnutls, "3.7.9", "3.7.9", message_type_unknown, "refuses with decode_error", "server_script/unknown-message-instead-of-certificate", "GnuTLS's server answers whatever comes instead of the Certificate that it has asked for with decode_error.") \
  X(gnutls, "3.7.9", "3.7.9", key_update_before_finished, "refuses with decode_error", "server_script/key-update-instead-of-certificate", "GnuTLS's server answers whatever comes instead of the Certificate that it has asked for with decode_error.") \
  X(gnutls, "3.7.9", "3.7.9", alert_fatal, "refuses with decode_error", "server_script/alert-of-tls12-instead-of-certificate", "GnuTLS's server of TLS 1.2 answers an alert that comes instead of the Certificate that it needs with decode_error.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_message_after_handshake, "goes on", "client_script/message-of-tls12-behind-hello-request", "GnuTLS's client of TLS 1.2 drops what stands behind a HelloRequest in its record.") \
  X(gnutls, "3.7.9", "3.7.9", alert_not_alone, "goes on", "client_script/alert-not-alone-before-hello", "GnuTLS's client hears the first of two alerts in a record, and before the ServerHello goes on after a warning.") \
  X(gnutls, "3.7.9", "3.7.9", ticket_syntax, "refuses with internal_error", "client_script/rule/ticket_syntax/broken_nonce_cut", "GnuTLS's client answers a NewSessionTicket that it cannot read with internal_error.") \
  X(gnutls, "3.7.9", "3.7.9", retry_in_pieces, "refuses with decode_error", "client_script/rule/retry_in_pieces/broken", "GnuTLS's client takes a HelloRetryRequest for a ServerHello if its first record ends before its random does.") \
  X(gnutls, "3.7.9", "3.7.9", record_longer_than_asked, "refuses with bad_record_mac", "client_script/record-much-longer-than-asked", "GnuTLS answers a record that is too long for the buffer of the record_size_limit that it has asked for with bad_record_mac.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_certificate_verify_expected, "refuses with decode_error", "server_script/hello-instead-of-certificate-verify-of-tls12", "GnuTLS's server of TLS 1.2 answers another message instead of CertificateVerify with decode_error.") \
  X(gnutls, "3.7.9", "3.7.9", close_notify, "refuses with unexpected_message", "server_script/close-notify-of-tls12-instead-of-change-cipher-spec", "GnuTLS's server of TLS 1.2 answers a close_notify instead of change_cipher_spec with unexpected_message.") \
  X(gnutls, "3.7.9", "3.7.9", retry_group_not_offered, "refuses with handshake_failure", "client_first_flight/rule/retry_group_not_offered/broken", "GnuTLS's client answers a HelloRetryRequest for a group that it has not offered with handshake_failure.") \
  X(gnutls, "3.7.9", "3.7.9", tls12_empty_data_early, "goes on", "server_script/rule/tls12_empty_data_early/broken", "GnuTLS of TLS 1.2 passes over an empty record of any type, also between change_cipher_spec and Finished.") \
  X(gnutls, "3.7.9", "3.7.9", empty_data_interleaved, "goes on", "client_script/rule/empty_data_interleaved/broken", "GnuTLS of TLS 1.3 passes over empty application data between the parts of a message.") \
  X(gnutls, "3.7.9", "3.7.9", end_of_early_data_unasked, "refuses with decode_error", "server_script/end-of-early-data-instead-of-certificate", "GnuTLS's server answers whatever comes instead of the Certificate that it has asked for with decode_error.")
// clang-format on

namespace tocsin::rules {

struct KnownDeviation {
  std::string_view stack, first_version, last_version;
  Rule rule;
  std::string_view conduct, seed, sentence;
};

std::span<const KnownDeviation> known_deviations();
/// The row that holds, whatever the version; null: none does. Of a stack that goes on each rule that binds it needs its row.
const KnownDeviation* known_deviation(std::string_view stack, const Reading& reading, std::string_view conduct);
/// Whether a row holds for what the stack has done; or for going on, where more came behind what it went on from, and may be
/// what it has answered. is_more_behind: called if it matters.
template <class IsMoreBehind>
bool is_known(std::string_view stack, const Reading& reading, const differential::Verdict& verdict, IsMoreBehind&& is_more_behind) {
  return known_deviation(stack, reading, conduct_of(reading, verdict)) != nullptr ||
         (known_deviation(stack, reading, "goes on") != nullptr && is_more_behind());
}
/// Whether the rows were looked through with this version. What another one does besides is reported, and is no finding.
bool was_seen(std::string_view stack, std::string_view version);

}  // namespace tocsin::rules
