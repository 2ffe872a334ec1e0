#pragma once
// The rules that the RFCs give for what a peer sends, as data: a table for each kind of message, and a row for each rule.
// Columns: id; the fuzz target whose inputs can break it, which says who is bound to act: the server, the client or the
// listener that gets them; the version of TLS that the rule belongs to; level; the alerts that the clauses permit, and for a
// discard what tocsin may call it; clause; one sentence that says what is right. A reader beside each table tells which rules
// an input breaks; judge.h what a stack may do then. RULES.md is generated from these rows by ci/generate. A clause that is
// debatable permits both readings.
#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>

#include "harnesses/differential/alerts.h"
#include "harnesses/differential/rules/client_hello_rules.h"
#include "harnesses/differential/rules/client_message_rules.h"
#include "harnesses/differential/rules/dtls_rules.h"
#include "harnesses/differential/rules/handshake_rules.h"
#include "harnesses/differential/rules/record_rules.h"
#include "harnesses/differential/rules/second_client_hello_rules.h"
#include "harnesses/differential/rules/server_hello_rules.h"
#include "harnesses/differential/rules/tls12_handshake_rules.h"
#include "harnesses/differential/rules/tls12_server_flight_rules.h"
#include "tocsin/discard.h"

#define TOCSIN_RULES(X)               \
  TOCSIN_CLIENT_HELLO_RULES(X)        \
  TOCSIN_SECOND_CLIENT_HELLO_RULES(X) \
  TOCSIN_CLIENT_MESSAGE_RULES(X)      \
  TOCSIN_SERVER_HELLO_RULES(X)        \
  TOCSIN_TLS12_SERVER_FLIGHT_RULES(X) \
  TOCSIN_RECORD_RULES(X)              \
  TOCSIN_HANDSHAKE_RULES(X)           \
  TOCSIN_TLS12_HANDSHAKE_RULES(X)     \
  TOCSIN_DTLS_RULES(X)

namespace tocsin::rules {

enum class Rule : std::uint16_t {
#define X(id, ...) id,
  TOCSIN_RULES(X)
#undef X
};
#define X(id, ...) +1
inline constexpr std::size_t rule_count = 0 TOCSIN_RULES(X);
#undef X

enum class Level : std::uint8_t {
  must_refuse,  // with one of the alerts
  may_refuse,   // likewise, or go on as if nothing were wrong
  must_ignore,  // go on as if nothing were wrong
  must_end,     // take it for the end of the connection, and answer nothing but one of the alerts
  may_end,      // likewise, or go on as if it had not come
  // Of a record that comes in a datagram. To discard it is to go on as if it had not come: no answer, nothing kept, and an
  // honest client gets through afterwards. To refuse it with one of the alerts, if there are any, is permitted, too.
  must_discard,
  may_discard,  // or go on as if nothing were wrong
};

/// any: whatever version is chosen. A rule of one version is no rule where another is chosen; a stack may then still keep to
/// it.
enum class Versions : std::uint8_t { any, tls12, tls13 };

struct Row {
  Rule rule;
  std::string_view id;
  std::string_view target;  // its seeds: corpus/<target>/rule/<id>/broken and repaired
  Versions versions;
  Level level;
  differential::Alerts alerts;
  std::bitset<number_of_discard_reasons> discards;  // what tocsin may call it
  std::string_view clause, sentence;
};

const Row& row_of(Rule rule);
std::span<const Row> all_rows();

}  // namespace tocsin::rules
