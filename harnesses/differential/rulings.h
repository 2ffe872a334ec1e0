#pragma once
// Rulings on the RFC column: corpus/expected says for each seed what the RFCs ask a server to do (accept, or which alert), and
// where tocsin does something else, by which of these rows. One row each: id, what tocsin does instead, why the column does not
// bind it, the clause, one sentence. RULINGS.md is generated from these rows by ci/generate;
// harnesses/scenarios/rfc_column_test.cc replays every seed and fails for a deviation without a ruling, and for a ruling that
// no seed needs any more.
#include <cstdint>
#include <string_view>
#include <vector>

// clang-format off
#define TOCSIN_RULINGS(X) \
  X(sslv2_is_no_record,        "10",     no_alert_named, "RFC 9846 5",     "A ClientHello of SSL 2.0 need not be read (RFC 9846 E.5, RFC 6176 3), and no RFC names the alert. Unread, it is a record of an unknown type, for which unexpected_message is named.")
// clang-format on

namespace tocsin::differential {

enum class RulingKind : std::uint8_t {
  no_alert_named,  // the column is one reading; no RFC names the alert
};

struct RfcRuling {
  std::string_view id, outcome;
  RulingKind kind;
  std::string_view clause, sentence;
};

const std::vector<RfcRuling>& rulings();

}  // namespace tocsin::differential
