#pragma once
// Two stacks' verdicts on one input, and in what they differ: how it ended, with which alert; and each thing that both have
// negotiated. Every difference needs an entry of the ledger of its own, or it is a finding.
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
  bool is_outcome_open = false;  // one refuses, and the rules of the RFCs, or a known deviation from them, explain what either does
};

/// What a row of the ledger can be about.
enum class Difference : std::uint8_t { outcome, version, cipher_suite, group, application_protocol };
std::string_view name_of(Difference difference);

struct Comparison {
  enum class Kind : std::uint8_t { equal, known, unknown } kind = Kind::equal;
  std::vector<std::string_view> divergences;  // the ledger's ids; more than one for a difference where rows overlap
  std::string text;                           // for people: what differs, and both verdicts
  std::string signature;                      // of an unknown one: what is the same for all inputs that show it
};

Comparison compare(const Case& compared);

/// All of them. What only one has negotiated is part of the outcome.
std::vector<Difference> differences_between(const Verdict& tocsin, const Verdict& openssl);

}  // namespace tocsin::differential
