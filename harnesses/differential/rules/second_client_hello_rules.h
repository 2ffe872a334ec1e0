#pragma once
// The rules about the ClientHello that answers a HelloRetryRequest, besides those about any ClientHello. Seeds:
// corpus/server_first_flight/rule/. Columns: rules.h. No clause binds a server to compare the two: it must refuse only that with
// which it cannot go on.

// clang-format off
#define TOCSIN_SECOND_CLIENT_HELLO_RULES(X) \
  X(first_hello_shares_record,      server_first_flight, tls13, may_refuse,  "unexpected_message", "RFC 9846 5.1", "A ClientHello ends its record, also one that is answered with a HelloRetryRequest.") \
  X(second_hello_expected,          server_first_flight, tls13, must_refuse, "unexpected_message", "RFC 9846 4", "A HelloRetryRequest is answered with a ClientHello.") \
  X(second_hello_version,           server_first_flight, tls13, must_refuse, "protocol_version illegal_parameter", "RFC 9846 4.2.4", "The version of the HelloRetryRequest is offered again.") \
  X(second_hello_share_absent,      server_first_flight, tls13, must_refuse, "illegal_parameter missing_extension", "RFC 9846 4.3.8", "key_share of the second ClientHello is not empty.") \
  X(second_hello_share_wrong,       server_first_flight, tls13, must_refuse, "illegal_parameter", "RFC 9846 4.3.8", "key_share of the second ClientHello is for the group that was asked for.") \
  X(second_hello_shares_more,       server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3.8", "key_share of the second ClientHello has the share that was asked for alone.") \
  X(second_hello_early_data,        server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.3.10", "The second ClientHello has no early_data.") \
  X(second_hello_random,            server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.2.2", "random of the second ClientHello is that of the first.") \
  X(second_hello_session_id,        server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.2.2", "legacy_session_id of the second ClientHello is that of the first.") \
  X(second_hello_suites,            server_first_flight, tls13, may_refuse,  "illegal_parameter handshake_failure", "RFC 9846 4.2.2", "cipher_suites of the second ClientHello are those of the first.") \
  X(second_hello_extension_added,   server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.2.2", "The second ClientHello has no extension that the first had not.") \
  X(second_hello_extension_removed, server_first_flight, tls13, may_refuse,  "illegal_parameter missing_extension", "RFC 9846 4.2.2", "The second ClientHello has each extension of the first.") \
  X(second_hello_extension_changed, server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.2.2", "The extensions of the second ClientHello say what those of the first said.") \
  X(second_hello_extensions_reordered, server_first_flight, tls13, may_refuse, "illegal_parameter", "RFC 9846 4.2.2", "The extensions of the second ClientHello are in the order of the first.") \
  X(second_hello_identity_added,    server_first_flight, tls13, may_refuse,  "illegal_parameter", "RFC 9846 4.2.2", "pre_shared_key of the second ClientHello has no identity that the first had not.") \
  X(second_hello_binders,           server_first_flight, tls13, must_ignore, "", "RFC 9846 4.2.2", "pre_shared_key has other ages and binders in the second ClientHello, and may have fewer identities.") \
  X(second_hello_padding,           server_first_flight, tls13, must_ignore, "", "RFC 9846 4.2.2", "padding may be added, removed or of another length in the second ClientHello.")
// clang-format on
