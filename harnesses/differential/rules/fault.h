#pragma once
// What is wrong with an input: the rules that it breaks, and where.
#include <optional>
#include <string>
#include <vector>

#include "harnesses/differential/rules/rules.h"
#include "tocsin/algorithms.h"

namespace tocsin::rules {

/// How far a stack has come, as far as that shows. Of a server: what it has sent.
struct Progress {
  bool retried = false, answered = false;
  friend bool operator==(const Progress&, const Progress&) = default;
};

struct Fault {
  Rule rule;
  std::string path;       // "ClientHello.extensions.cookie.length"
  std::size_t offset;     // in what was read, in bytes
  bool may_pass = false;  // whatever its level, the stack may go on: it may not have seen enough of it, or need not look at it
  Progress at{};          // how far a stack has come that acts on it
  std::optional<Progress> until{};  // likewise, if it may have come further
};

/// What an input breaks, for a stack that is set up in one way. Behind the first fault that ends the conversation nothing is
/// read.
struct Reading {
  std::vector<Fault> faults;
  std::optional<ProtocolVersion> version{};  // that is chosen; none: there is none, or nobody can tell
  std::optional<Progress> reached{};         // by a stack that nothing ended before; none: nobody can tell how it goes on
  bool is_all_read = true;                   // false: what follows depends on keys, or on what the stack has chosen
};

/// Whether the stack must refuse, or end, for this fault.
bool is_binding(const Fault& fault, const Reading& reading);

}  // namespace tocsin::rules
