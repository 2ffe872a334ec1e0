#pragma once
// The known divergences. One row each: id, the other peer, the role that both played, what differs, ruling, the clause it
// stands on, the corpus file that shows it, one sentence. A row holds where its predicate does, a function of the same name in
// server_divergences.cc or client_divergences.cc. DIVERGENCES.md is generated from these rows by ci/generate;
// harnesses/scenarios/ledger_test.cc replays every file and fails for a row that it does not hit.
#include <span>
#include <string_view>
#include <vector>

#include "harnesses/differential/compare.h"

// clang-format off
#define TOCSIN_DIVERGENCES(X) \
  X(foreign_record_version,     openssl, either, outcome, peer_deviates, "RFC 9846 6.2", "server_first_flight/http-request", "OpenSSL closes without an alert if the first record's version does not begin with 3.") \
  X(sslv2_hello,                openssl, server, outcome, both_allowed,  "RFC 9846 E.5", "server_first_flight/sslv2-hello-of-259", "OpenSSL reads a ClientHello of SSL 2.0 before it refuses it; here it is a record of an unknown type.") \
  X(ssl3_hello,                 openssl, server, outcome, peer_deviates, "RFC 9846 E.5", "server_first_flight/legacy-version-0300-with-supported-versions", "OpenSSL answers an SSL 3.0 hello with handshake_failure, since SSL 3.0 has no protocol_version alert.") \
  X(hello_legacy_version_taken, openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/13-sv-legacyver-0304", "OpenSSL answers a ClientHello with TLS 1.3 though its legacy_version is not 0x0303.") \
  X(header_refused_at_once,     openssl, either, outcome, both_allowed,  "RFC 9846 5.1", "server_first_flight/unknown-type-unfinished", "A record's header shows that it is to be refused; OpenSSL waits for the whole record first.") \
  X(several_faults_in_header,   openssl, either, outcome, both_allowed,  "RFC 9846 6.2", "server_first_flight/unknown-type-foreign-version", "A record's header has several faults, and each stack names another of them.") \
  X(empty_record_tolerated,     openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "server_first_flight/rec-zero-len-hs", "OpenSSL passes over up to 32 empty records.") \
  X(alert_answered,             openssl, server, outcome, peer_deviates, "RFC 9846 6.2", "server_first_flight/alert-level3", "OpenSSL answers an alert that comes instead of a ClientHello with an alert, unexpected_message.") \
  X(user_canceled_refused,      openssl, server, outcome, both_allowed,  "RFC 9846 6.1", "server_first_flight/alert-warn90-then-12", "OpenSSL refuses user_canceled before the ClientHello; here it is passed over, up to a limit.") \
  X(alert_form,                 openssl, either, outcome, both_allowed,  "RFC 9846 6", "server_first_flight/alert-1-byte", "OpenSSL answers an alert record that does not hold exactly one alert with unexpected_message; no RFC names an alert.") \
  X(message_limit_of_ours,      openssl, either, outcome, both_allowed,  "RFC 9846 4", "client_first_flight/tls12-then-certificate-of-65546", "tocsin has limits of its own for the length of each message, and OpenSSL others.") \
  X(change_cipher_spec_form,    openssl, either, outcome, peer_deviates, "RFC 9846 5", "server_first_flight/13-ccs02-after-ch", "OpenSSL answers a malformed change_cipher_spec with illegal_parameter.") \
  X(change_cipher_spec_limit,   openssl, either, outcome, both_allowed,  "RFC 9846 E.4", "server_first_flight/rule/change_cipher_spec_repeated/broken", "OpenSSL drops up to 32 change_cipher_spec records; here the limit is lower.") \
  X(record_version_checked,     openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/record-version-0301-after-hello", "Once there are keys OpenSSL refuses a legacy_record_version that is not 0x0303; it is to be ignored.") \
  X(record_major_checked,       openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "server_first_flight/record-version-0400-after-first", "Behind the first record OpenSSL refuses a legacy_record_version that does not begin with 3; it is to be ignored.") \
  X(several_faults,             openssl, either, outcome, both_allowed,  "RFC 9846 6.2", "server_first_flight/12-sigalgs-empty-at-tls13-only", "The ClientHello has several faults, and each stack names another of them.") \
  X(extension_of_openssl_only,  openssl, server, outcome, both_allowed,  "RFC 9846 4.3", "server_first_flight/13-status-request-short", "An extension that only OpenSSL knows is malformed; here it is ignored as unknown.") \
  X(extension_of_tocsin_only,   openssl, server, outcome, both_allowed,  "RFC 8449 4", "server_first_flight/13-rsl-63", "record_size_limit is malformed or out of its range; OpenSSL 3.0 does not know it.") \
  X(unknown_extension_twice,    openssl, server, outcome, peer_deviates, "RFC 9846 4.3", "server_first_flight/13-dup-ext-unknown", "OpenSSL does not notice that an extension unknown to it stands twice.") \
  X(versions_malformed,         openssl, server, outcome, peer_deviates, "RFC 9846 6.2", "server_first_flight/13-sv-length-wrong", "OpenSSL answers a supported_versions that cannot be decoded with protocol_version.") \
  X(no_cipher_suites,           openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/13-empty-cipher-list", "OpenSSL answers an empty list of cipher suites with illegal_parameter; it is a list that cannot be decoded.") \
  X(no_null_compression,        openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/13-comp-01-only", "OpenSSL answers compression methods without the null method with decode_error.") \
  X(empty_server_name,          openssl, server, outcome, peer_deviates, "RFC 6066 3", "server_first_flight/13-sni-empty-name", "OpenSSL takes an empty host_name; its length is 1 at least.") \
  X(server_name_form,           openssl, server, outcome, we_are_stricter, "RFC 6066 3", "server_first_flight/sni-trailing-dot", "OpenSSL takes any bytes but zero as a host_name.") \
  X(server_name_twice,          openssl, server, outcome, peer_deviates, "RFC 6066 3", "server_first_flight/sni-of-two-host-names", "OpenSSL answers two names of one type in server_name with decode_error; the list can be decoded.") \
  X(server_name_of_unknown_type, openssl, server, outcome, peer_deviates, "RFC 6066 3", "server_first_flight/sni-with-name-of-unknown-type", "OpenSSL refuses a server_name with a name of a type that it does not know; such names can be skipped by their length.") \
  X(unused_keys_malformed,      openssl, server, outcome, peer_deviates, "RFC 9846 4.3.11", "server_first_flight/13-psk-binder-short", "OpenSSL does not look at all of a pre_shared_key that it does not use.") \
  X(extensions12_unchecked,     openssl, server, outcome, both_allowed,  "RFC 9846 6.2", "server_first_flight/13-ems-nonempty", "OpenSSL does not look into the extensions of TLS 1.2 (ec_point_formats, extended_master_secret, renegotiation_info) where it answers with TLS 1.3, which has no use for them.") \
  X(point_formats_compressed,   openssl, server, outcome, peer_deviates, "RFC 8422 5.1.2", "server_first_flight/12-epf-no-uncompressed", "OpenSSL answers ec_point_formats without the uncompressed format with handshake_failure.") \
  X(point_formats_unchecked,    openssl, server, outcome, peer_deviates, "RFC 8422 5.1.2", "server_first_flight/tls12-with-compressed-formats-at-rsa", "OpenSSL takes ec_point_formats without the uncompressed format where its certificate has no key on a curve.") \
  X(renegotiation_info_trailing, openssl, server, outcome, peer_deviates, "RFC 5746 3.2", "server_first_flight/rule/renegotiation_info_syntax/broken", "OpenSSL does not notice bytes behind the vector in renegotiation_info.") \
  X(extensions13_unchecked,     openssl, server, outcome, both_allowed,  "RFC 9846 6.2", "server_first_flight/tls12-with-key-share-malformed", "OpenSSL does not look into the extensions of TLS 1.3 where it answers with TLS 1.2, which has no use for them.") \
  X(key_modes_missing,          openssl, server, outcome, both_allowed,  "RFC 9846 4.3.9", "server_first_flight/tls12-with-keys-without-modes", "OpenSSL refuses pre_shared_key without psk_key_exchange_modes also where it would answer with TLS 1.2, which has no use for them.") \
  X(unsolicited_cookie,         openssl, server, outcome, we_are_stricter, "RFC 9846 4.3.2", "server_first_flight/13-cookie-unsolicited", "OpenSSL ignores a cookie that it never gave.") \
  X(early_data_record_limit,    openssl, server, outcome, peer_deviates, "RFC 9846 5.2", "server_first_flight/retry-then-early-data-of-2-14-256", "After a HelloRetryRequest OpenSSL refuses a record of early data over 2^14 bytes, though it is protected and may have 256 more.") \
  X(early_data_limit,           openssl, server, outcome, both_allowed,  "RFC 9846 4.3.10", "server_first_flight/rule/early_data_long/broken", "OpenSSL skips some bytes more of rejected early data than it is configured for: it allows for the expansion.") \
  X(group_preference,           openssl, server, group,   both_allowed,  "RFC 9846 4.2.1", "server_first_flight/accept-with-two-shares", "Of several key shares that suit, OpenSSL takes the client's first and tocsin its own favourite.") \
  X(later_shares_unchecked,     openssl, server, outcome, both_allowed,  "RFC 9846 4.3.8", "server_first_flight/second-share-not-in-groups", "OpenSSL does not look for rules broken by the key shares behind the one that it takes; servers may check them.") \
  X(unused_share_invalid,       openssl, server, outcome, both_allowed,  "RFC 9846 4.3.8", "server_first_flight/accept-with-unused-share-off-curve", "Of several key shares each stack checks the one that it uses, and they do not use the same.") \
  X(certificate_schemes_strict, openssl, server, outcome, peer_deviates, "RFC 9846 4.5.1.2", "server_first_flight/certificate-schemes-that-do-not-fit", "OpenSSL fails if its chain has a signature that signature_algorithms_cert does not list, where a server should go on.") \
  X(second_hello_not_compared,  openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/retry-second-hello-with-another-random", "OpenSSL does not compare the second ClientHello with the first.") \
  X(change_cipher_spec_inside_second_hello, openssl, server, outcome, both_allowed, "RFC 9846 5.1", "server_first_flight/retry-change-cipher-spec-inside-second-hello", "OpenSSL drops a change_cipher_spec between two fragments of the second ClientHello; here no other record may stand there.") \
  X(message_behind_first_hello, openssl, server, outcome, both_allowed,  "RFC 9846 5.1", "server_first_flight/retry-second-hello-in-same-record", "OpenSSL refuses a ClientHello with more behind it in its record also where it would ask for another, so that no keys change there.") \
  X(key_exchange12_empty,       openssl, server, outcome, peer_deviates, "RFC 5246 7.2.2", "server_first_flight/tls12-then-key-exchange-empty", "OpenSSL answers an empty point in a ClientKeyExchange with illegal_parameter; its length is 1 at least.") \
  X(key_exchange12_compressed,  openssl, server, outcome, peer_deviates, "RFC 8422 5.1.2", "server_first_flight/rule/key_exchange_point_form/broken", "OpenSSL takes a point in a ClientKeyExchange that is not in the uncompressed form.") \
  X(groups12_absent,            openssl, server, outcome, both_allowed,  "RFC 8422 4", "server_first_flight/tls12-without-groups", "Without supported_groups a server of TLS 1.2 may choose any group; OpenSSL finds none.") \
  X(record_version12_checked,   openssl, either, outcome, both_allowed,  "RFC 5246 6.2.1", "server_first_flight/12-two-ch-recver0301", "Once TLS 1.2 is agreed OpenSSL refuses a record of another version; here the version counts as part of what a protected record authenticates.") \
  X(record12_too_short,         openssl, either, outcome, peer_deviates, "RFC 5246 7.2.2", "server_first_flight/tls12-then-change-cipher-spec-twice", "OpenSSL answers a protected record that is too short for its cipher with internal_error.") \
  X(message_length_impossible,  openssl, either, outcome, peer_deviates, "RFC 9846 6", "server_first_flight/hello-header-of-131397", "OpenSSL answers a message that is longer than its syntax allows with illegal_parameter.") \
  X(message12_limit,            openssl, either, outcome, both_allowed,  "RFC 5246 7.4", "server_first_flight/tls12-then-key-exchange-too-long", "OpenSSL has limits of its own for the length of each message of TLS 1.2, and answers illegal_parameter.") \
  X(no_renegotiation12_refused, openssl, either, outcome, both_allowed,  "RFC 5246 7.2.2", "server_first_flight/tls12-then-no-renegotiation", "OpenSSL ends a handshake of TLS 1.2 at a no_renegotiation; here it is passed over, up to a limit.") \
  X(session_id_too_long_alert,  openssl, client, outcome, peer_deviates, "RFC 9846 6.2", "client_first_flight/session-id-of-33", "OpenSSL answers a session id of more than 32 bytes with illegal_parameter; it cannot be decoded.") \
  X(false_session_echoed,       openssl, client, outcome, we_are_stricter, "RFC 5246 7.4.1.3", "client_first_flight/tls12-echoing-session-id", "OpenSSL takes a ServerHello of TLS 1.2 that echoes a session id made up for middleboxes, though it offered no session.") \
  X(extensions12_of_server_unchecked, openssl, client, outcome, peer_deviates, "RFC 7627 5.1", "client_first_flight/tls12-with-ems-of-1", "OpenSSL does not look into a server's extended_master_secret.") \
  X(point_formats_of_server_unchecked, openssl, client, outcome, peer_deviates, "RFC 8422 5.2", "client_first_flight/tls12-with-formats-compressed", "OpenSSL takes a server's ec_point_formats without the uncompressed format.") \
  X(groups_in_server_hello,     openssl, client, outcome, we_are_stricter, "RFC 8422 5.2", "client_first_flight/tls12-with-groups", "OpenSSL passes over supported_groups in a ServerHello of TLS 1.2, where it does not stand.") \
  X(renegotiation_info_alert,   openssl, client, outcome, peer_deviates, "RFC 5746 3.4", "client_first_flight/tls12-with-renegotiation-info-of-1", "OpenSSL answers a renegotiation_info that is not empty with illegal_parameter.") \
  X(change_cipher_spec_first,   openssl, client, outcome, peer_deviates, "RFC 9846 5", "client_first_flight/change-cipher-spec-first", "OpenSSL refuses a change_cipher_spec before the ServerHello, which is to be dropped.") \
  X(hello_request_ignored,      openssl, client, outcome, peer_deviates, "RFC 9846 4", "client_first_flight/hello-request-first", "OpenSSL ignores a HelloRequest, a message of TLS 1.2, before the ServerHello.") \
  X(warning_alert_ignored,      openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/alert-warning", "OpenSSL ignores an error alert of level warning before the ServerHello; the level is to be ignored instead.") \
  X(user_canceled_fatal_heeded, openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/user-canceled-fatal-then-accept", "OpenSSL ends at a user_canceled of level fatal before the ServerHello; the level is to be ignored.") \
  X(several_faults_in_certificate, openssl, client, outcome, both_allowed, "RFC 5246 7.2.2", "client_first_flight/tls12-then-certificate-twice-malformed", "A Certificate's list cannot be decoded, and an entry of it is no certificate; each stack names another of the two.") \
  X(forged_certificate_alert,   openssl, client, outcome, both_allowed,  "RFC 5246 7.2.2", "client_first_flight/tls12-then-certificate-forged", "A certificate is not what its authority signed, and may have other faults for that; each stack names another, OpenSSL the signature with decrypt_error.") \
  X(point12_empty,              openssl, client, outcome, peer_deviates, "RFC 5246 7.2.2", "client_first_flight/rule/tls12_point_empty/broken", "OpenSSL answers an empty point in a ServerKeyExchange with illegal_parameter; its length is 1 at least.") \
  X(scheme12_not_offered,       openssl, client, outcome, both_allowed,  "RFC 5246 7.4.3", "client_first_flight/rule/tls12_scheme_not_offered/broken", "OpenSSL answers a ServerKeyExchange with a scheme that it did not offer with handshake_failure; no RFC names an alert.") \
  X(several_faults_in_key_exchange, openssl, client, outcome, both_allowed, "RFC 5246 7.2.2", "client_first_flight/tls12-then-key-exchange-of-foreign-scheme-cut-off", "A ServerKeyExchange has a scheme that was not offered, and a signature that does not fill it; each stack names another of the two.") \
  X(no_renegotiation_answered,  openssl, client, outcome, peer_deviates, "RFC 9846 6.2", "client_first_flight/alert-no-renegotiation", "OpenSSL answers a no_renegotiation, an alert of TLS 1.2, with an alert of its own.") \
  X(alert_level_judged,         openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/alert-of-level-3", "OpenSSL answers an alert of a level that is neither warning nor fatal; the level is to be ignored.") \
  X(alert_inside_message,       openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/alert-inside-message", "OpenSSL heeds an alert between two fragments of a message, where no other record may stand.") \
  X(unasked_extension_taken,    openssl, client, outcome, peer_deviates, "RFC 9846 4.3", "client_first_flight/extension-unknown", "OpenSSL ignores an unknown extension in a ServerHello or HelloRetryRequest, which answers nothing.") \
  X(record_size_limit_unasked,  openssl, client, outcome, peer_deviates, "RFC 5246 7.4.1.4", "client_first_flight/tls12-with-max-fragment-length-and-record-size-limit", "OpenSSL ignores a record_size_limit, for which it never asks, beside the max_fragment_length for which it did.") \
  X(retry_without_version,      openssl, client, outcome, peer_deviates, "RFC 9846 4.2.4", "client_first_flight/retry-without-version", "OpenSSL takes a HelloRetryRequest without supported_versions.") \
  X(retry_taken_for_hello,      openssl, client, outcome, both_allowed,  "RFC 9846 4.2.3", "client_first_flight/tls12-alone-with-random-of-retry", "A ServerHello has the random of a HelloRetryRequest, and the client offers TLS 1.2 alone: to OpenSSL it means nothing then, and tocsin refuses it for what it is.") \
  X(retry_suite_unchecked,      openssl, client, outcome, peer_deviates, "RFC 9846 4.2.4", "client_first_flight/rule/retry_suite_of_tls12/broken", "OpenSSL takes a HelloRetryRequest that selects a suite of TLS 1.2.") \
  X(foreign_protocol_alert,     openssl, client, outcome, peer_deviates, "RFC 7301 3.1", "client_first_flight/rule/server_alpn_not_offered/broken", "OpenSSL answers a protocol that it did not offer with decode_error; the list can be decoded.") \
  X(version_changed_alert,      openssl, client, outcome, peer_deviates, "RFC 9846 4.2.4", "client_first_flight/retry-then-tls12", "OpenSSL answers a ServerHello that drops the version of the HelloRetryRequest with protocol_version.") \
  X(empty_cookie,               openssl, client, outcome, peer_deviates, "RFC 9846 4.3.2", "client_first_flight/retry-with-empty-cookie", "OpenSSL takes an empty cookie; its length is 1 at least.") \
  X(legacy_version_taken,       openssl, client, outcome, peer_deviates, "RFC 9846 4.2.3", "client_first_flight/legacy-version-0304", "OpenSSL takes a ServerHello with another legacy_version than 0x0303.")
// clang-format on

namespace tocsin::differential {

enum class Played : std::uint8_t { client, server, either };
enum class Ruling : std::uint8_t { peer_deviates, both_allowed, we_are_stricter };

struct Facts;
struct Divergence {
  std::string_view id, peer;
  Played role;  // of both stacks
  Difference about;
  Ruling ruling;
  std::string_view clause, corpus_file, sentence;
  bool (*holds)(const Facts&);
};

const std::vector<Divergence>& ledger();

/// The rows that hold for this difference of this case.
std::vector<const Divergence*> entries_for(const Facts& facts, Difference difference, std::span<const Divergence> rows);

}  // namespace tocsin::differential
