#pragma once
// Two stacks' verdicts on one input. ComparisonEvent in tiers: how it ended first; then whether an alert went out; then which,
// but only where an RFC names it; then what was negotiated. A difference is an entry of the ledger, or a finding.
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/differential/verdict.h"
#include "harnesses/stacks/openssl/context.h"

namespace tocsin::differential {

struct Case {
  stacks::Role role;  // that both stacks played
  Verdict tocsin, openssl;
  ByteView input;  // that tocsin was given
  const stacks::PeerConfig& config;
  ByteView session_id;  // of tocsin's ClientHello
};

struct Comparison {
  enum class Kind : std::uint8_t { equal, known, unknown } kind = Kind::equal;
  std::vector<std::string_view> divergences;  // the ledger's ids, of a known one; more than one where rows overlap
  std::string text;                           // for people: what differs, and both verdicts
};

Comparison compare(const Case& compared);

/// The text of the difference; empty if there is none.
std::string difference_between(const Verdict& tocsin, const Verdict& openssl);

/// Whether an RFC names the very alert that this Reason sends, so that another description would be wrong.
bool is_alert_named(Reason why);

}  // namespace tocsin::differential
