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
  X(header_refused_at_once,     openssl, either, outcome, both_allowed,  "RFC 9846 5.1", "client_first_flight/header-refused-at-once", "A record's header shows that it is to be refused; OpenSSL waits for the whole record first.") \
  X(several_faults_in_header,   openssl, either, outcome, both_allowed,  "RFC 9846 6.2", "client_first_flight/several-faults-in-one-header", "A record's header has several faults, and each stack names another of them.") \
  X(empty_record_tolerated,     openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/empty-record-first", "OpenSSL passes over up to 32 empty records.") \
  X(alert_answered,             openssl, server, outcome, peer_deviates, "RFC 9846 6.2", "server_first_flight/alert-warn112-then-13", "OpenSSL answers an alert that comes instead of a ClientHello with an alert, unexpected_message.") \
  X(user_canceled_refused,      openssl, server, outcome, both_allowed,  "RFC 9846 6.1", "server_first_flight/alert-warn90-then-12", "OpenSSL refuses user_canceled before the ClientHello; here it is passed over, up to a limit.") \
  X(alert_form,                 openssl, either, outcome, both_allowed,  "RFC 9846 6", "server_first_flight/alert-1-byte", "OpenSSL answers an alert record that does not hold exactly one alert with unexpected_message; no RFC names an alert.") \
  X(message_limit_of_ours,      openssl, either, outcome, both_allowed,  "RFC 9846 4", "client_first_flight/tls12-then-certificate-of-65546", "tocsin has limits of its own for the length of each message, and OpenSSL others.") \
  X(change_cipher_spec_form,    openssl, either, outcome, peer_deviates, "RFC 9846 5", "client_first_flight/change-cipher-spec-malformed", "OpenSSL answers a malformed change_cipher_spec with illegal_parameter.") \
  X(record_version_checked,     openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/record-version-0301-after-hello", "Once there are keys OpenSSL refuses a legacy_record_version that is not 0x0303; it is to be ignored.") \
  X(record_major_checked,       openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/record-major-checked-after-first", "Behind the first record OpenSSL refuses a legacy_record_version that does not begin with 3; it is to be ignored.") \
  X(several_faults,             openssl, either, outcome, both_allowed,  "RFC 9846 6.2", "server_first_flight/several-faults-in-one-hello", "The ClientHello has several faults, and each stack names another of them.") \
  X(extension_of_openssl_only,  openssl, server, outcome, both_allowed,  "RFC 9846 4.3", "server_first_flight/srtp-in-tls", "An extension that only OpenSSL knows is malformed; here it is ignored as unknown.") \
  X(no_null_compression,        openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/13-comp-01-only", "OpenSSL answers compression methods without the null method with decode_error.") \
  X(server_name_of_unknown_type, openssl, server, outcome, peer_deviates, "RFC 6066 3", "server_first_flight/sni-with-name-of-unknown-type", "OpenSSL refuses a server_name with a name of a type that it does not know; such names can be skipped by their length.") \
  X(point_formats_unchecked,    openssl, server, outcome, peer_deviates, "RFC 8422 5.1.2", "server_first_flight/tls12-with-compressed-formats-at-rsa", "OpenSSL takes ec_point_formats without the uncompressed format where its certificate has no key on a curve.") \
  X(early_data_record_limit,    openssl, server, outcome, peer_deviates, "RFC 9846 5.2", "server_first_flight/retry-then-early-data-of-2-14-256", "After a HelloRetryRequest OpenSSL refuses a record of early data over 2^14 bytes, though it is protected and may have 256 more.") \
  X(group_preference,           openssl, server, group,   both_allowed,  "RFC 9846 4.2.1", "server_first_flight/accept-with-two-shares", "Of several key shares that suit, OpenSSL takes the client's first and tocsin its own favourite.") \
  X(second_hello_not_compared,  openssl, server, outcome, peer_deviates, "RFC 9846 4.2.2", "server_first_flight/retry-second-hello-without-groups", "OpenSSL does not compare the second ClientHello with the first.") \
  X(groups12_absent,            openssl, server, outcome, both_allowed,  "RFC 8422 4", "server_first_flight/tls12-without-groups", "Without supported_groups a server of TLS 1.2 may choose any group; OpenSSL finds none.") \
  X(record_version12_checked,   openssl, either, outcome, both_allowed,  "RFC 5246 6.2.1", "client_first_flight/tls12-then-record-of-another-version", "Once TLS 1.2 is agreed OpenSSL refuses a record of another version; here the version counts as part of what a protected record authenticates.") \
  X(record12_too_short,         openssl, either, outcome, peer_deviates, "RFC 5246 7.2.2", "server_first_flight/tls12-then-change-cipher-spec-twice", "OpenSSL answers a protected record that is too short for its cipher with internal_error.") \
  X(message_length_impossible,  openssl, either, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/message-too-long", "OpenSSL answers a message that is longer than its syntax allows with illegal_parameter.") \
  X(no_renegotiation12_refused, openssl, either, outcome, both_allowed,  "RFC 5246 7.2.2", "client_first_flight/tls12-then-no-renegotiation", "OpenSSL ends a handshake of TLS 1.2 at a no_renegotiation; here it is passed over, up to a limit.") \
  X(change_cipher_spec_first,   openssl, client, outcome, peer_deviates, "RFC 9846 5", "client_first_flight/change-cipher-spec-first-then-more", "OpenSSL refuses a change_cipher_spec before the ServerHello, which is to be dropped.") \
  X(hello_request_ignored,      openssl, client, outcome, peer_deviates, "RFC 9846 4", "client_first_flight/hello-request-first", "OpenSSL ignores a HelloRequest, a message of TLS 1.2, before the ServerHello.") \
  X(warning_alert_ignored,      openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/alert-warning", "OpenSSL ignores an error alert of level warning before the ServerHello; the level is to be ignored instead.") \
  X(user_canceled_fatal_heeded, openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/user-canceled-fatal-then-accept", "OpenSSL ends at a user_canceled of level fatal before the ServerHello; the level is to be ignored.") \
  X(forged_certificate_alert,   openssl, client, outcome, both_allowed,  "RFC 5246 7.2.2", "client_first_flight/tls12-then-certificate-forged", "A certificate is not what its authority signed, and may have other faults for that; each stack names another, OpenSSL the signature with decrypt_error.") \
  X(several_faults_in_key_exchange, openssl, client, outcome, both_allowed, "RFC 5246 7.2.2", "client_first_flight/tls12-then-key-exchange-of-foreign-scheme-cut-off", "A ServerKeyExchange has a scheme that was not offered, and a signature that does not fill it; each stack names another of the two.") \
  X(no_renegotiation_answered,  openssl, client, outcome, peer_deviates, "RFC 9846 6.2", "client_first_flight/alert-no-renegotiation", "OpenSSL answers a no_renegotiation, an alert of TLS 1.2, with an alert of its own.") \
  X(alert_level_judged,         openssl, client, outcome, peer_deviates, "RFC 9846 6", "client_first_flight/alert-of-level-3", "OpenSSL answers an alert of a level that is neither warning nor fatal; the level is to be ignored.") \
  X(alert_inside_message,       openssl, either, outcome, peer_deviates, "RFC 9846 5.1", "client_first_flight/alert-inside-message", "OpenSSL heeds an alert between two fragments of a message, where no other record may stand.") \
  X(retry_taken_for_hello,      openssl, client, outcome, both_allowed,  "RFC 9846 4.2.3", "client_first_flight/tls12-alone-with-random-of-retry", "A ServerHello has the random of a HelloRetryRequest, and the client offers TLS 1.2 alone: to OpenSSL it means nothing then, and tocsin refuses it for what it is.") \
  X(version_changed_alert,      openssl, client, outcome, peer_deviates, "RFC 9846 4.2.4", "client_first_flight/retry-then-tls12", "OpenSSL answers a ServerHello that drops the version of the HelloRetryRequest with protocol_version.")
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
