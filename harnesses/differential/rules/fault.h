#pragma once
// What is wrong with an input: the rules that it breaks, and where.
#include <optional>
#include <string>
#include <vector>

#include "harnesses/differential/rules/rules.h"
#include "tocsin/algorithms.h"

namespace tocsin::rules {

struct Fault {
  Rule rule;
  std::string path;    // "ClientHello.extensions.cookie.length"
  std::size_t offset;  // in what was read, in bytes
  bool may_pass = false;  // whatever its level, the stack may go on: it may not have seen enough of it, or need not look at it
};

/// What one message breaks, for a stack that is set up in one way.
struct Reading {
  std::vector<Fault> faults;
  std::optional<ProtocolVersion> version;  // that is chosen; none: there is none, or nobody can tell
};

}  // namespace tocsin::rules
