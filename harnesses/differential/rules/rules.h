#pragma once
// The rules that the RFCs give for what a peer sends, as data: a table for each kind of message, and a row for each rule.
// Columns: id; the fuzz target whose inputs can break it, which says who is bound to act: the server or the client that gets
// them; the version of TLS that the rule belongs to; level; the alerts that the clauses permit; clause; one sentence that says
// what is right. A reader beside each table tells which rules an input breaks; judge.h what a stack may do then. RULES.md is
// generated from these rows by ci/generate. A clause that is debatable permits both readings.
#include <cstdint>
#include <string_view>

#include "harnesses/differential/alerts.h"
#include "harnesses/differential/rules/client_hello_rules.h"
#include "harnesses/differential/rules/client_message_rules.h"
#include "harnesses/differential/rules/handshake_rules.h"
#include "harnesses/differential/rules/record_rules.h"
#include "harnesses/differential/rules/second_client_hello_rules.h"

#define TOCSIN_RULES(X)               \
  TOCSIN_CLIENT_HELLO_RULES(X)        \
  TOCSIN_SECOND_CLIENT_HELLO_RULES(X) \
  TOCSIN_CLIENT_MESSAGE_RULES(X)      \
  TOCSIN_RECORD_RULES(X)              \
  TOCSIN_HANDSHAKE_RULES(X)

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
  std::string_view clause, sentence;
};

const Row& row_of(Rule rule);

}  // namespace tocsin::rules
